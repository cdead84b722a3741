using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hubscope.AspNetCoreServer.Hubs;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>/control: faults and pushes on demand. README.md documents each endpoint.</summary>
internal static class ControlEndpoints
{
    public static void AddTestControl(this IServiceCollection services)
    {
        services.AddSingleton<ControlState>();
        services.AddSingleton<ConnectionBook>();
        services.AddSingleton<AnswerDelay>();
        services.AddSingleton<OutsideSender>();
    }

    public static void MapTestControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/control");
        control.MapGet("/about", About);
        control.MapGet("/state", (ControlState state) => state.Describe());
        control.MapGet("/connections", (ConnectionBook book) => book.All);
        control.MapPost("/connections/{connectionId}/cut", CutOne);
        control.MapPost("/cut", (ConnectionBook book) => new { cut = book.All.ToList().Sum(one => book.Cut(one.ConnectionId) ?? 0) });
        control.MapPost("/refuse-negotiates", Refuse);
        control.MapPost("/delay", Delay);
        control.MapPost("/send", Send);
        control.MapPost("/reset", Reset);
    }

    private static object About() => new
    {
        framework = RuntimeInformation.FrameworkDescription,
        messagePack = typeof(ControlEndpoints).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "MessagePackHubProtocol").Value,
        methods = typeof(CallsHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => method.GetCustomAttribute<HubMethodNameAttribute>()?.Name ?? method.Name)
            .Order(StringComparer.Ordinal),
    };

    private static IResult CutOne(string connectionId, ConnectionBook book) =>
        book.Cut(connectionId) is { } cut
            ? Results.Ok(new { cut })
            : Results.NotFound(new { error = $"There is no connection '{connectionId}'." });

    private static object Refuse(ControlState state, int count, int? status)
    {
        state.RefuseNegotiates(count, status ?? StatusCodes.Status503ServiceUnavailable);
        return state.Describe();
    }

    private static object Delay(ControlState state, int? negotiateMs, int? answerMs)
    {
        state.Delay(negotiateMs, answerMs);
        return state.Describe();
    }

    private static async Task<IResult> Send(
        OutsideSender sender, JsonElement arguments, string target,
        string? hub, string? group, string? user, string? connectionId)
    {
        var path = hub ?? "/hubs/calls";
        if (sender.ClientsOf(path) is not { } clients) return Results.NotFound(new { error = $"There is no hub at '{path}'." });
        IClientProxy proxy = connectionId is not null ? clients.Client(connectionId)
            : group is not null ? clients.Group(group)
            : user is not null ? clients.User(user)
            : clients.All;
        await proxy.SendCoreAsync(target, PlainArguments.From(arguments));
        return Results.NoContent();
    }

    private static object Reset(ControlState state, StreamCancellations cancellations)
    {
        state.Reset();
        cancellations.Forget();
        return state.Describe();
    }
}
