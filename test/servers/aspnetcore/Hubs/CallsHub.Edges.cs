namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>
/// Values at the borders of their encodings. They are those of recordings of Microsoft's own protocols
/// (test/vectors/aspnetcore-messagepack-values.json), so that the bytes can be compared.
/// </summary>
public partial class CallsHub
{
    public List<long> EdgeInts() =>
    [
        0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991, 9007199254740992, 9007199254740993,
        long.MaxValue, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9007199254740993, long.MinValue,
    ];

    public List<double> EdgeDoubles() => [0, 0.1, 1.5, -2.25, 1e20, 1e-7, double.MaxValue, double.Epsilon, 123456789.125];

    public List<decimal> EdgeDecimals() =>
    [
        0m, 1.10m, 0.1234567890123456789012345678m, decimal.MaxValue, decimal.MinValue, 79228162514264.337593543950335m,
    ];

    public List<string> EdgeStrings() =>
    [
        "", "\u00e9", "\u65e5\u672c\u8a9e", "\ud83d\ude00 emoji", "tab\tnewline\ncr\rquote\"back\\slash/",
        "\0\u001e\u001f\u007f\u0085\u2028\u2029", "<script>&'+</script>",
        new('a', 31), new('b', 32), new('c', 255), new('d', 256),
    ];

    public List<DateTime> EdgeDates() =>
    [
        DateTime.UnixEpoch,
        DateTime.UnixEpoch.AddTicks(1),
        new(2106, 2, 7, 6, 28, 16, DateTimeKind.Utc),
        DateTime.MinValue,
        DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        new(2024, 2, 29, 12, 34, 56, 789),
        DateTime.UnixEpoch.AddSeconds(-1),
    ];

    public List<DateTimeOffset> EdgeOffsets() =>
    [
        DateTimeOffset.UnixEpoch,
        new(2024, 5, 6, 7, 8, 9, 123, new TimeSpan(5, 30, 0)),
        new(1999, 12, 31, 23, 59, 59, TimeSpan.FromHours(-8)),
    ];

    public byte[] EdgeBytes() => [.. Enumerable.Range(0, 40).Select(index => (byte)(index * 7))];

    public DateTime EdgeTicks() => new DateTime(2009, 2, 13, 23, 31, 30, DateTimeKind.Utc).AddTicks(1234567);

    public Rights EdgeFlags() => Rights.All;

    public Dictionary<int, string> EdgeIntKeys() => new() { [1] = "one", [-7] = "minus seven" };

    public List<object?> EdgeDeclaredAsObject() =>
        [(byte)3, 1, 2L, 3UL, (short)-1, "text", 1.5, 2.5f, true, null, new List<object?> { 1 }];
}
