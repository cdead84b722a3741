using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Calls that fail. Wrong argument counts and types need no method of their own.</summary>
public partial class CallsHub
{
    public void ThrowHubException(string message) => throw new HubException(message);

    public void ThrowException(string message) => throw new InvalidOperationException(message);

    public async Task<int> ThrowLater(int milliseconds)
    {
        await Task.Delay(milliseconds);
        throw new ArgumentException("later failure", nameof(milliseconds));
    }

    [Authorize]
    public string Secret() => $"for {Context.UserIdentifier} only";

    /// <summary>The server ends the connection by a Close message that forbids to reconnect.</summary>
    public void Abort() => Context.Abort();
}
