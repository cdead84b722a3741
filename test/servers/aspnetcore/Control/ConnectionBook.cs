using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>What there is to know about a live connection. The token stays inside: it is the key to the connection.</summary>
internal sealed record LiveConnection(string ConnectionId, string Hub, string? Transport, string? User, DateTimeOffset Since);

/// <summary>All connections whose handshake is done.</summary>
internal sealed class ConnectionBook : IHubFilter
{
    private readonly ConcurrentDictionary<string, (LiveConnection Connection, string? Token)> entries = new();

    public IEnumerable<LiveConnection> All => entries.Values.Select(entry => entry.Connection).OrderBy(entry => entry.Since);

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        var request = caller.GetHttpContext();
        entries[caller.ConnectionId] = (
            new(
                caller.ConnectionId,
                request?.Request.Path.Value ?? "",
                caller.Features.Get<IHttpTransportFeature>()?.TransportType.ToString(),
                caller.UserIdentifier,
                DateTimeOffset.UtcNow),
            request is null ? null : LiveRequests.TokenOf(request));
        try
        {
            await next(context);
        }
        catch
        {
            // A hub that refuses gets no OnDisconnected through the filters.
            entries.TryRemove(caller.ConnectionId, out _);
            throw;
        }
    }

    public Task OnDisconnectedAsync(
        HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        entries.TryRemove(context.Context.ConnectionId, out _);
        return next(context, exception);
    }

    /// <summary>Cuts the link of that connection; null when there is no such connection.</summary>
    public int? Cut(string connectionId) =>
        entries.TryGetValue(connectionId, out var entry) && entry.Token is { } token ? LiveRequests.Cut(token) : null;
}
