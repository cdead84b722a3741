using Hubscope.AspNetCoreServer.MessagePack;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The name that Microsoft's package has: whichever of the two is built in, its caller is the same.</summary>
internal static class MessagePackServiceCollectionExtensions
{
    public static ISignalRServerBuilder AddMessagePackProtocol(this ISignalRServerBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHubProtocol, MessagePackHubProtocol>());
        return builder;
    }
}
