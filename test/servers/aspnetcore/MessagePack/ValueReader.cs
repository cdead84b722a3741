using System.Collections;
using System.Globalization;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>Values as the type that a hub method declares; what does not fit throws.</summary>
internal static class ValueReader
{
    private const int DeepestNesting = 64;

    public static object? Read(ref PackReader reader, Type type, int depth = 0)
    {
        if (depth > DeepestNesting) throw new InvalidDataException($"The value is nested deeper than {DeepestNesting} levels.");
        if (reader.TryReadNil())
        {
            return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
                ? null
                : throw new InvalidDataException($"Nil is not a {type.Name}.");
        }
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return EnumNamed(ref reader, plain);
        return Scalar(ref reader, plain) ?? Composed(ref reader, plain, depth);
    }

    private static object? Scalar(ref PackReader reader, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => reader.ReadBoolean(),
        TypeCode.SByte => checked((sbyte)reader.ReadInteger()),
        TypeCode.Byte => checked((byte)reader.ReadInteger()),
        TypeCode.Int16 => checked((short)reader.ReadInteger()),
        TypeCode.UInt16 => checked((ushort)reader.ReadInteger()),
        TypeCode.Int32 => checked((int)reader.ReadInteger()),
        TypeCode.UInt32 => checked((uint)reader.ReadInteger()),
        TypeCode.Int64 => checked((long)reader.ReadInteger()),
        TypeCode.UInt64 => checked((ulong)reader.ReadInteger()),
        TypeCode.Char => (char)checked((ushort)reader.ReadInteger()),
        TypeCode.Single => (float)reader.ReadDouble(),
        TypeCode.Double => reader.ReadDouble(),
        TypeCode.Decimal => decimal.Parse(reader.ReadString() ?? "", NumberStyles.Float, CultureInfo.InvariantCulture),
        TypeCode.DateTime => reader.ReadTimestamp(),
        TypeCode.String => reader.ReadString(),
        _ when type == typeof(Guid) => Guid.ParseExact(reader.ReadString() ?? "", "D"),
        _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(reader.ReadInt64()),
        _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(checked((int)reader.ReadInt64())),
        _ when type == typeof(byte[]) => reader.ReadBinary(),
        _ => null,
    };

    private static object Composed(ref PackReader reader, Type type, int depth)
    {
        if (type == typeof(object)) return UndeclaredValue.Read(ref reader, depth);
        if (type == typeof(DateTimeOffset)) return Offset(ref reader);
        var shape = TypeShape.Of(type);
        if (typeof(IDictionary).IsAssignableFrom(type)) return Map(ref reader, type, shape, depth);
        if (type.IsArray) return Array(ref reader, type, shape, depth);
        if (typeof(IEnumerable).IsAssignableFrom(type)) return List(ref reader, type, shape, depth);
        return Members(ref reader, type, shape, depth);
    }

    private static object EnumNamed(ref PackReader reader, Type type) =>
        Enum.Parse(type, reader.ReadString() ?? throw new InvalidDataException($"Nil is not a {type.Name}."));

    private static object Offset(ref PackReader reader)
    {
        var count = reader.ReadArrayLength();
        if (count != 2) throw new InvalidDataException($"A date with an offset has 2 items, not {count}.");
        var clock = DateTime.SpecifyKind(reader.ReadTimestamp(), DateTimeKind.Unspecified);
        return new DateTimeOffset(clock, TimeSpan.FromMinutes(reader.ReadInt64()));
    }

    private static object Map(ref PackReader reader, Type type, TypeShape shape, int depth)
    {
        var map = Create<IDictionary>(type);
        for (var left = reader.ReadMapLength(); left > 0; left--)
        {
            var key = Read(ref reader, shape.Key, depth + 1) ?? throw new InvalidDataException("Nil is not a key.");
            map[key] = Read(ref reader, shape.Item, depth + 1);
        }
        return map;
    }

    private static object Array(ref PackReader reader, Type type, TypeShape shape, int depth)
    {
        var items = System.Array.CreateInstance(shape.Item, reader.ReadArrayLength());
        for (var index = 0; index < items.Length; index++) items.SetValue(Read(ref reader, shape.Item, depth + 1), index);
        return items;
    }

    private static object List(ref PackReader reader, Type type, TypeShape shape, int depth)
    {
        var list = Create<IList>(type);
        for (var left = reader.ReadArrayLength(); left > 0; left--) list.Add(Read(ref reader, shape.Item, depth + 1));
        return list;
    }

    /// <summary>Names count exactly; an unknown one is skipped, a missing one keeps its default.</summary>
    private static object Members(ref PackReader reader, Type type, TypeShape shape, int depth)
    {
        var value = Create<object>(type);
        for (var left = reader.ReadMapLength(); left > 0; left--)
        {
            var name = reader.ReadString();
            var member = shape.Members.FirstOrDefault(candidate => candidate.Name == name && candidate.CanWrite);
            if (member is null) reader.Skip();
            else member.SetValue(value, Read(ref reader, member.PropertyType, depth + 1));
        }
        return value;
    }

    private static T Create<T>(Type type) where T : class =>
        Activator.CreateInstance(type) as T ?? throw new InvalidDataException($"A {type.Name} cannot be created.");
}
