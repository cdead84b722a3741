using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Hubscope.AspNetCoreServer;

/// <summary>Bearer tokens of the shared framework, accepted in the header and, as browsers need it, in the query.</summary>
internal static class TestTokens
{
    private const string Scheme = BearerTokenDefaults.AuthenticationScheme;

    public static void AddTestAuthentication(this IServiceCollection services)
    {
        // Keys in memory: a test server leaves nothing on the disk, and its tokens end with it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(Scheme).AddBearerToken(options =>
            options.Events.OnMessageReceived = context =>
            {
                var token = context.Request.Query["access_token"];
                if (token.Count == 1) context.Token = token[0];
                return Task.CompletedTask;
            });
        services.AddAuthorization();
    }

    /// <summary>/token?user=ada&amp;seconds=3600; with negative seconds the token has expired already.</summary>
    public static void MapTestTokens(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/token", ["GET", "POST"], (IOptionsMonitor<BearerTokenOptions> options, string? user, int? seconds) =>
        {
            var expiresIn = seconds ?? 3600;
            return new
            {
                tokenType = "Bearer",
                accessToken = options.Get(Scheme).BearerTokenProtector.Protect(Ticket(user ?? "ada", expiresIn)),
                expiresIn,
            };
        });

    /// <summary>Made by hand: the framework's own sign-in lets nobody choose when the token expires.</summary>
    private static AuthenticationTicket Ticket(string user, int seconds)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, user), new(ClaimTypes.NameIdentifier, user)], Scheme);
        var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow.AddSeconds(seconds) };
        return new(new ClaimsPrincipal(identity), properties, $"{Scheme}:AccessToken");
    }
}
