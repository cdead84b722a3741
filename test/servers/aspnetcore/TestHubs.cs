using Hubscope.AspNetCoreServer.Control;
using Hubscope.AspNetCoreServer.Hubs;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer;

/// <summary>Which hubs there are, where, and with which options.</summary>
internal static class TestHubs
{
    private const long LargeReceiveLimit = 4 * 1024 * 1024;

    public static void AddTestHubs(this IServiceCollection services)
    {
        services.AddSingleton<StreamCancellations>();
        services.AddSingleton<IUserIdProvider, UserIdFromTokenOrQuery>();
        services.AddSignalR(options =>
            {
                options.AddFilter<ConnectionBook>();
                options.AddFilter<AnswerDelay>();
            })
            .AddMessagePackProtocol()
            .AddHubOptions<CallsHub>(Generous)
            .AddHubOptions<NoCorsHub>(Generous)
            .AddHubOptions<SecureHub>(Generous)
            .AddHubOptions<StatefulHub>(Generous)
            .AddHubOptions<QuickHub>(options => options.KeepAliveInterval = TimeSpan.FromSeconds(1));
    }

    public static void MapTestHubs(this IEndpointRouteBuilder routes)
    {
        routes.MapHub<CallsHub>("/hubs/calls");
        routes.MapHub<NoCorsHub>("/nocors/calls");
        routes.MapHub<StrictHub>("/hubs/strict");
        routes.MapHub<SecureHub>("/hubs/secure");
        routes.MapHub<StatefulHub>("/hubs/stateful", options => options.AllowStatefulReconnects = true);
        routes.MapHub<QuickHub>("/hubs/quick");
        routes.MapHub<RefusingHub>("/hubs/refusing");
        routes.MapHub<EventsOnlyHub>("/hubs/sse-only", options => options.Transports = HttpTransportType.ServerSentEvents);
        routes.MapHub<PollingOnlyHub>("/hubs/polling-only", options => options.Transports = HttpTransportType.LongPolling);
    }

    private static void Generous(HubOptions options)
    {
        options.EnableDetailedErrors = true;
        options.MaximumReceiveMessageSize = LargeReceiveLimit;
        options.MaximumParallelInvocationsPerClient = 8;
    }
}
