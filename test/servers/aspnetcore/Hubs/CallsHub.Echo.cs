namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Each kind of value, there and back.</summary>
public partial class CallsHub
{
    public int EchoInt(int value) => value;

    public long EchoLong(long value) => value;

    public ulong EchoULong(ulong value) => value;

    public float EchoFloat(float value) => value;

    public double EchoDouble(double value) => value;

    public decimal EchoDecimal(decimal value) => value;

    public string? EchoString(string? value) => value;

    public bool EchoBool(bool value) => value;

    public int? EchoNullable(int? value) => value;

    public object? EchoAny(object? value) => value;

    public DateTime EchoDateTime(DateTime value) => value;

    public DateTimeOffset EchoDateTimeOffset(DateTimeOffset value) => value;

    public TimeSpan EchoTimeSpan(TimeSpan value) => value;

    public Guid EchoGuid(Guid value) => value;

    public byte[] EchoBytes(byte[] value) => value;

    public Weekday EchoEnum(Weekday value) => value;

    public Order EchoOrder(Order value) => value;

    public Dictionary<string, int> EchoDictionary(Dictionary<string, int> value) => value;

    public List<int> EchoList(List<int> value) => value;
}
