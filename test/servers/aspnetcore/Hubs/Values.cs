namespace Hubscope.AspNetCoreServer.Hubs;

public enum Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }

[Flags]
public enum Rights { None = 0, Read = 1, Write = 2, All = Read | Write }

public sealed class Order
{
    public int Id { get; set; }
    public string Customer { get; set; } = "";
    public decimal Total { get; set; }
    public Weekday Delivery { get; set; }
    public DateTime PlacedAt { get; set; }
    public List<OrderLine> Lines { get; set; } = [];
    public Address? ShipTo { get; set; }
    public Dictionary<string, string> Notes { get; set; } = [];
}

public sealed class OrderLine
{
    public string Product { get; set; } = "";
    public int Quantity { get; set; }
    public double UnitPrice { get; set; }
}

public sealed class Address
{
    public string Street { get; set; } = "";
    public string City { get; set; } = "";
    public string? Country { get; set; }
}

/// <summary>Who a connection is, as the server sees it.</summary>
public sealed class Caller
{
    public string ConnectionId { get; set; } = "";
    public string? User { get; set; }
}

/// <summary>One member for every kind of value.</summary>
public sealed class EveryKind
{
    public bool B { get; set; } = true;
    public byte U8 { get; set; } = 255;
    public sbyte I8 { get; set; } = -128;
    public short I16 { get; set; } = -32768;
    public ushort U16 { get; set; } = 65535;
    public int I32 { get; set; } = int.MinValue;
    public uint U32 { get; set; } = uint.MaxValue;
    public long I64 { get; set; } = 9007199254740993;
    public ulong U64 { get; set; } = ulong.MaxValue;
    public float F { get; set; } = 1.5f;
    public double D { get; set; } = 0.1;
    public decimal M { get; set; } = 12345.6789m;
    public char C { get; set; } = 'Z';
    public string? S { get; set; } = "text";
    public Guid G { get; set; } = new("00112233-4455-6677-8899-aabbccddeeff");
    public DateTime T { get; set; } = new(2024, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
    public DateTimeOffset O { get; set; } = new(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
    public TimeSpan Span { get; set; } = new(1, 2, 3, 4, 5);
    public byte[] Raw { get; set; } = [0, 1, 254, 255];
    public Weekday Day { get; set; } = Weekday.Sunday;
    public Rights Rights { get; set; } = Rights.All;
    public int? None { get; set; }
    public int[] Ints { get; set; } = [1, 2, 3];
    public Dictionary<string, int> Map { get; set; } = new() { ["one"] = 1, ["two"] = 2 };
    public OrderLine Child { get; set; } = new() { Product = "tea", Quantity = 1, UnitPrice = 0.5 };
    public object? Any { get; set; }
}
