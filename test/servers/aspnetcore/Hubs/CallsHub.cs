using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>One hub with every shape of call; one file a subject. README.md lists the methods.</summary>
public partial class CallsHub(StreamCancellations cancellations) : Hub
{
    public Caller WhoAmI() => new() { ConnectionId = Context.ConnectionId, User = Context.UserIdentifier };
}
