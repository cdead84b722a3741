using System.Collections;
using System.Globalization;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>.NET values as Microsoft's package writes them by default: enums by name, members in PascalCase.</summary>
internal static class ValueWriter
{
    public static void Write(PackWriter writer, object? value, Type declared)
    {
        if (value is null) writer.WriteNil();
        else if (declared == typeof(object)) Undeclared(writer, value);
        else Declared(writer, value);
    }

    private static void Declared(PackWriter writer, object value)
    {
        switch (value)
        {
            case Enum name: writer.WriteString(name.ToString()); break;
            case sbyte or short or int or long: writer.WriteInteger(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case byte or ushort or uint or ulong: writer.WriteInteger(Convert.ToUInt64(value, CultureInfo.InvariantCulture)); break;
            case char unit: writer.WriteInteger((ulong)unit); break;
            case TimeSpan span: writer.WriteInteger(span.Ticks); break;
            case DateOnly date: writer.WriteInteger((long)date.DayNumber); break;
            case DateTimeOffset time: Offset(writer, time); break;
            case IDictionary map: Map(writer, map, TypeShape.Of(value.GetType())); break;
            case IEnumerable items when value is not string and not byte[]: Array(writer, items, TypeShape.Of(value.GetType())); break;
            default: if (!Scalar(writer, value)) Members(writer, value, TypeShape.Of(value.GetType())); break;
        }
    }

    /// <summary>A value declared as object keeps the width of its own type, so that the reader gets the same type back.</summary>
    private static void Undeclared(PackWriter writer, object value)
    {
        var number = value is Enum ? Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture) : value;
        switch (number)
        {
            case byte integer: writer.WriteFixed(0xcc, 1, integer); break;
            case ushort integer: writer.WriteFixed(0xcd, 2, integer); break;
            case uint integer: writer.WriteFixed(0xce, 4, integer); break;
            case ulong integer: writer.WriteFixed(0xcf, 8, unchecked((long)integer)); break;
            case sbyte integer: writer.WriteFixed(0xd0, 1, integer); break;
            case short integer: writer.WriteFixed(0xd1, 2, integer); break;
            case int integer: writer.WriteFixed(0xd2, 4, integer); break;
            case long integer: writer.WriteFixed(0xd3, 8, integer); break;
            default: Declared(writer, number); break;
        }
    }

    private static bool Scalar(PackWriter writer, object value)
    {
        switch (value)
        {
            case string text: writer.WriteString(text); return true;
            case bool truth: writer.WriteBoolean(truth); return true;
            case float number: writer.WriteSingle(number); return true;
            case double number: writer.WriteDouble(number); return true;
            case decimal number: writer.WriteString(number.ToString(CultureInfo.InvariantCulture)); return true;
            case Guid guid: writer.WriteString(guid.ToString("D")); return true;
            case byte[] bytes: writer.WriteBinary(bytes); return true;
            case DateTime time: writer.WriteTimestamp(time); return true;
            default: return false;
        }
    }

    /// <summary>The clock time at the offset, labelled as if it were UTC: so Microsoft's package does it.</summary>
    private static void Offset(PackWriter writer, DateTimeOffset time)
    {
        writer.WriteArrayLength(2);
        writer.WriteTimestamp(DateTime.SpecifyKind(time.DateTime, DateTimeKind.Utc));
        writer.WriteInteger((long)time.TotalOffsetMinutes);
    }

    private static void Map(PackWriter writer, IDictionary map, TypeShape shape)
    {
        writer.WriteMapLength(map.Count);
        foreach (DictionaryEntry entry in map)
        {
            Write(writer, entry.Key, shape.Key);
            Write(writer, entry.Value, shape.Item);
        }
    }

    private static void Array(PackWriter writer, IEnumerable items, TypeShape shape)
    {
        var all = items.Cast<object?>().ToList();
        writer.WriteArrayLength(all.Count);
        foreach (var item in all) Write(writer, item, shape.Item);
    }

    private static void Members(PackWriter writer, object value, TypeShape shape)
    {
        writer.WriteMapLength(shape.Members.Count);
        foreach (var member in shape.Members)
        {
            writer.WriteString(member.Name);
            Write(writer, member.GetValue(value), member.PropertyType);
        }
    }
}
