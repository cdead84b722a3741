namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Payloads of a requested size, in either direction.</summary>
public partial class CallsHub
{
    private const int LargestPayload = 16 * 1024 * 1024;

    public string Text(int length) => new('x', Within(length));

    public int TextLength(string text) => text.Length;

    public string EchoText(string text) => text;

    public byte[] Bytes(int length) => [.. Enumerable.Range(0, Within(length)).Select(index => (byte)index)];

    public int BytesLength(byte[] bytes) => bytes.Length;

    /// <summary>A large answer with structure, rather than one long string.</summary>
    public List<Order> OrderList(int count) => [.. Enumerable.Range(1, Math.Clamp(count, 0, 100_000)).Select(OrderNumber)];

    private static int Within(int length) => Math.Clamp(length, 0, LargestPayload);
}
