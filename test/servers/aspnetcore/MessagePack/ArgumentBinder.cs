namespace Hubscope.AspNetCoreServer.MessagePack;

internal static class ArgumentBinder
{
    public static object?[] Bind(ref PackReader reader, IReadOnlyList<Type> types)
    {
        var count = Envelope.ReadArrayLength(ref reader, "arguments");
        if (types.Count != count)
        {
            throw new InvalidDataException($"Invocation provides {count} argument(s) but target expects {types.Count}.");
        }
        try
        {
            var arguments = new object?[count];
            for (var index = 0; index < count; index++) arguments[index] = Value(ref reader, types[index], "argument");
            return arguments;
        }
        catch (Exception failure)
        {
            throw new InvalidDataException(
                "Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.",
                failure);
        }
    }

    public static object? Value(ref PackReader reader, Type type, string field)
    {
        try
        {
            return ValueReader.Read(ref reader, type);
        }
        catch (Exception failure)
        {
            throw new InvalidDataException($"Deserializing object of the `{type.Name}` type for '{field}' failed.", failure);
        }
    }
}
