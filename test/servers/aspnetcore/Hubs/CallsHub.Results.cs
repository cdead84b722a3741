using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Void, value and object results; calls that take their time.</summary>
public partial class CallsHub
{
    public void Nothing() { }

    public Task NothingAsync() => Task.CompletedTask;

    public ValueTask NothingValueTask() => ValueTask.CompletedTask;

    public string? NullString() => null;

    public int Add(int left, int right) => left + right;

    public async Task<int> AddAsync(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    /// <summary>The first integer that a double cannot hold.</summary>
    public long BigLong() => 9007199254740993;

    public ulong BigULong() => ulong.MaxValue;

    public Order CurrentOrder() => OrderNumber(42);

    public EveryKind EveryKind() => new();

    [HubMethodName("renamed.method")]
    public string Renamed(string text) => $"renamed {text}";

    public async Task<int> Slow(int milliseconds)
    {
        await Task.Delay(milliseconds, Context.ConnectionAborted);
        return milliseconds;
    }

    private static Order OrderNumber(int number) => new()
    {
        Id = number,
        Customer = $"Customer {number}",
        Total = 10.50m + number,
        Delivery = (Weekday)(number % 7),
        PlacedAt = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc).AddMinutes(number),
        Lines =
        [
            new() { Product = "tea", Quantity = 2, UnitPrice = 3.25 },
            new() { Product = "kettle", Quantity = 1, UnitPrice = number },
        ],
        ShipTo = new() { Street = "1 Loop Back", City = "Localhost", Country = null },
        Notes = new() { ["gift"] = "yes", ["wrap"] = "blue" },
    };
}
