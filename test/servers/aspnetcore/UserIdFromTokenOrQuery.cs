using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer;

/// <summary>The user of the bearer token, or else of <c>?user=</c>: a test may be several users without tokens.</summary>
internal sealed class UserIdFromTokenOrQuery : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection)
    {
        var named = connection.User.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? connection.GetHttpContext()?.Request.Query["user"].ToString();
        return string.IsNullOrEmpty(named) ? null : named;
    }
}
