using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Messages to all, to others, to groups and to users; the clients' method is <c>Said</c>.</summary>
public partial class CallsHub
{
    public Task Say(string text) => Clients.All.SendAsync("Said", Me, text);

    public Task SayToOthers(string text) => Clients.Others.SendAsync("Said", Me, text);

    public Task SayToCaller(string text) => Clients.Caller.SendAsync("Said", Me, text);

    public Task SayToConnection(string connectionId, string text) => Clients.Client(connectionId).SendAsync("Said", Me, text);

    public Task SayToUser(string user, string text) => Clients.User(user).SendAsync("SaidToUser", user, Me, text);

    public Task JoinGroup(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public Task LeaveGroup(string group) => Groups.RemoveFromGroupAsync(Context.ConnectionId, group);

    public Task SayToGroup(string group, string text) => Clients.Group(group).SendAsync("SaidToGroup", group, Me, text);

    public Task SayToOthersInGroup(string group, string text) =>
        Clients.OthersInGroup(group).SendAsync("SaidToGroup", group, Me, text);

    /// <summary>Calls the caller's <c>Number</c> method that many times.</summary>
    public async Task PushNumbers(int count)
    {
        for (var number = 0; number < count; number++) await Clients.Caller.SendAsync("Number", number);
    }

    /// <summary>Calls of the caller's <c>Shapes</c> method with none to five arguments.</summary>
    public async Task PushShapes()
    {
        await Clients.Caller.SendCoreAsync("Shapes", []);
        await Clients.Caller.SendAsync("Shapes", (object?)null);
        await Clients.Caller.SendAsync("Shapes", 1, "two");
        await Clients.Caller.SendAsync("Shapes", OrderNumber(1), new[] { 1, 2, 3 }, new byte[] { 0, 127, 255 });
        await Clients.Caller.SendAsync("Shapes", true, 9007199254740993L, 0.5, Weekday.Friday, DateTime.UnixEpoch);
    }

    private string Me => Context.UserIdentifier ?? Context.ConnectionId;
}
