namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>A value whose type is declared as object: the wire form alone decides.</summary>
internal static class UndeclaredValue
{
    public static object Read(ref PackReader reader, int depth)
    {
        var code = reader.PeekCode();
        return code switch
        {
            0xc2 or 0xc3 => reader.ReadBoolean(),
            <= 0x7f or 0xcc => (byte)reader.ReadInteger(),
            >= 0xe0 or 0xd0 => (sbyte)reader.ReadInteger(),
            0xcd => (ushort)reader.ReadInteger(),
            0xce => (uint)reader.ReadInteger(),
            0xcf => (ulong)reader.ReadInteger(),
            0xd1 => (short)reader.ReadInteger(),
            0xd2 => (int)reader.ReadInteger(),
            0xd3 => (long)reader.ReadInteger(),
            0xca => (float)reader.ReadDouble(),
            0xcb => reader.ReadDouble(),
            (>= 0xa0 and <= 0xbf) or (>= 0xd9 and <= 0xdb) => reader.ReadString() ?? "",
            >= 0xc4 and <= 0xc6 => reader.ReadBinary(),
            (>= 0x90 and <= 0x9f) or 0xdc or 0xdd => Required(ref reader, typeof(object[]), depth),
            (>= 0x80 and <= 0x8f) or 0xde or 0xdf => Required(ref reader, typeof(Dictionary<object, object>), depth),
            _ => reader.ReadTimestamp(),
        };
    }

    private static object Required(ref PackReader reader, Type type, int depth) =>
        ValueReader.Read(ref reader, type, depth) ?? throw new InvalidDataException("The value is nil.");
}
