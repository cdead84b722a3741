using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Hubscope.AspNetCoreServer;

/// <summary>Loopback origins and those of the command line (comma separated; "*" for any), credentials allowed.</summary>
internal sealed class AllowedOrigins(string? commandLine)
{
    private readonly string[] named =
        (commandLine ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public void Apply(CorsPolicyBuilder policy) =>
        policy.SetIsOriginAllowed(IsAllowed).AllowAnyHeader().AllowAnyMethod().AllowCredentials();

    private bool IsAllowed(string origin) =>
        named.Contains("*")
        || named.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.IsLoopback);
}
