namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>The named items around the values of a message; each failure names its item.</summary>
internal static class Envelope
{
    private delegate T Read<out T>(ref PackReader reader);

    public static int ReadInt32(ref PackReader reader, string field) =>
        Named(ref reader, (ref PackReader r) => checked((int)r.ReadInt64()), $"Reading '{field}' as Int32 failed.");

    public static long ReadInt64(ref PackReader reader, string field) =>
        Named(ref reader, (ref PackReader r) => r.ReadInt64(), $"Reading '{field}' as Int64 failed.");

    public static string? ReadString(ref PackReader reader, string field) =>
        Named(ref reader, (ref PackReader r) => r.ReadString(), $"Reading '{field}' as String failed.");

    public static bool ReadBoolean(ref PackReader reader, string field) =>
        Named(ref reader, (ref PackReader r) => r.ReadBoolean(), $"Reading '{field}' as Boolean failed.");

    public static int ReadArrayLength(ref PackReader reader, string field) =>
        Named(ref reader, (ref PackReader r) => r.ReadArrayLength(), $"Reading array length for '{field}' failed.");

    public static Dictionary<string, string>? ReadHeaders(ref PackReader reader)
    {
        var count = Named(ref reader, (ref PackReader r) => r.ReadMapLength(), "Reading map length for 'headers' failed.");
        if (count == 0) return null;
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var key = ReadString(ref reader, $"headers[{index}].Key");
            if (string.IsNullOrEmpty(key)) throw new InvalidDataException("Null or empty key in header.");
            var value = ReadString(ref reader, $"headers[{index}].Value");
            if (string.IsNullOrEmpty(value)) throw new InvalidDataException("Null or empty value in header.");
            headers[key] = value;
        }
        return headers;
    }

    /// <summary>An empty invocation id means the same as none: no answer is wanted.</summary>
    public static string? ReadOptionalId(ref PackReader reader)
    {
        var id = ReadString(ref reader, "invocationId");
        return string.IsNullOrEmpty(id) ? null : id;
    }

    public static string ReadRequiredId(ref PackReader reader, string messageName) =>
        ReadOptionalId(ref reader)
        ?? throw new InvalidDataException($"Null or empty invocation ID for {messageName} message.");

    public static string[]? ReadStreamIds(ref PackReader reader)
    {
        var count = ReadArrayLength(ref reader, "streamIds");
        if (count == 0) return null;
        var ids = new List<string>();
        for (var index = 0; index < count; index++)
        {
            var id = Named(ref reader, (ref PackReader r) => r.ReadString(), "Reading 'streamIds' as String failed.");
            if (string.IsNullOrEmpty(id)) throw new InvalidDataException("Null or empty value in streamIds received.");
            ids.Add(id);
        }
        return [.. ids];
    }

    private static T Named<T>(ref PackReader reader, Read<T> read, string failure)
    {
        try
        {
            return read(ref reader);
        }
        catch (Exception cause)
        {
            throw new InvalidDataException(failure, cause);
        }
    }
}
