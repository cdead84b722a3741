using Hubscope.AspNetCoreServer.Hubs;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>Sends from outside of any hub call, as an application's own code would.</summary>
internal sealed class OutsideSender(IServiceProvider services)
{
    /// <summary>The clients of the hub at that path; null when no hub is there.</summary>
    public IHubClients? ClientsOf(string hubPath) => hubPath.TrimEnd('/') switch
    {
        "/hubs/calls" => Clients<CallsHub>(),
        "/nocors/calls" => Clients<NoCorsHub>(),
        "/hubs/strict" => Clients<StrictHub>(),
        "/hubs/secure" => Clients<SecureHub>(),
        "/hubs/stateful" => Clients<StatefulHub>(),
        "/hubs/quick" => Clients<QuickHub>(),
        "/hubs/sse-only" => Clients<EventsOnlyHub>(),
        "/hubs/polling-only" => Clients<PollingOnlyHub>(),
        _ => null,
    };

    private IHubClients Clients<THub>() where THub : Hub => services.GetRequiredService<IHubContext<THub>>().Clients;
}
