using System.Collections.Concurrent;
using System.Reflection;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>What must be known of a type to write and read its values: key and item types, and its public members.</summary>
internal sealed record TypeShape(Type Key, Type Item, IReadOnlyList<PropertyInfo> Members)
{
    private static readonly ConcurrentDictionary<Type, TypeShape> Known = new();

    public static TypeShape Of(Type type) => Known.GetOrAdd(type, Describe);

    private static TypeShape Describe(Type type)
    {
        var map = Implementation(type, typeof(IDictionary<,>));
        if (map is not null) return new(map[0], map[1], []);
        var items = Implementation(type, typeof(IEnumerable<>));
        if (items is not null) return new(typeof(object), items[0], []);
        return new(typeof(object), typeof(object), ReadableProperties(type));
    }

    private static Type[]? Implementation(Type type, Type generic) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic)
            ?.GetGenericArguments();

    private static List<PropertyInfo> ReadableProperties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];
}
