using System.Text.Json;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>JSON of a control request as values that every hub protocol can write.</summary>
internal static class PlainArguments
{
    public static object?[] From(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.Array
            ? [.. arguments.EnumerateArray().Select(Plain)]
            : throw new BadHttpRequestException("The body must be a JSON array of arguments.");

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var integer) ? integer : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(member => member.Name, member => Plain(member.Value)),
        _ => null,
    };
}
