using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;

namespace Hubscope.AspNetCoreServer;

/// <summary>Bearer tokens of the shared framework, accepted in the header and, as browsers need it, in the query.</summary>
internal static class TestTokens
{
    public static void AddTestAuthentication(this IServiceCollection services)
    {
        // Keys in memory: a test server leaves nothing on the disk, and its tokens end with it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken(options =>
            options.Events.OnMessageReceived = context =>
            {
                var token = context.Request.Query["access_token"];
                if (token.Count == 1) context.Token = token[0];
                return Task.CompletedTask;
            });
        services.AddAuthorization();
    }

    /// <summary>/token?user=ada&amp;seconds=3600 answers { tokenType, accessToken, expiresIn, refreshToken }.</summary>
    public static void MapTestTokens(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/token", ["GET", "POST"], (string? user, int? seconds) =>
        {
            var name = user ?? "ada";
            var identity = new ClaimsIdentity(
                [new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, name)],
                BearerTokenDefaults.AuthenticationScheme);
            var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow.AddSeconds(seconds ?? 3600) };
            return Results.SignIn(new ClaimsPrincipal(identity), properties, BearerTokenDefaults.AuthenticationScheme);
        });
}
