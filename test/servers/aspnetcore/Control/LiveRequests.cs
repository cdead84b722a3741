using System.Collections.Concurrent;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>
/// Requests under way by connection token (the <c>id</c> of the query): what must be cut so that a connection loses its
/// link. A connection that resumes or polls has another request each time, so it is not enough to remember its first.
/// </summary>
internal sealed class LiveRequests(RequestDelegate next)
{
    private static readonly ConcurrentDictionary<HttpContext, string> Live = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var token = TokenOf(context);
        if (token is null)
        {
            await next(context);
            return;
        }
        Live[context] = token;
        try
        {
            await next(context);
        }
        finally
        {
            Live.TryRemove(context, out _);
        }
    }

    /// <summary>Without negotiate there is no token; the request's own identifier stands for it then.</summary>
    public static string? TokenOf(HttpContext context)
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/hubs") && !path.StartsWithSegments("/nocors")) return null;
        var id = context.Request.Query["id"].ToString();
        return id.Length > 0 ? id : context.TraceIdentifier;
    }

    /// <summary>Drops the TCP connections without a close frame or an end of the response; tells how many.</summary>
    public static int Cut(string token)
    {
        var cut = 0;
        foreach (var (context, _) in Live.Where(entry => entry.Value == token))
        {
            context.Abort();
            cut++;
        }
        return cut;
    }
}
