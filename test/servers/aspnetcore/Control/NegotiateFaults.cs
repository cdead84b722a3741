namespace Hubscope.AspNetCoreServer.Control;

/// <summary>Delays and refuses negotiate requests as ordered. CORS headers are set before, so that a page sees the status.</summary>
internal sealed class NegotiateFaults(RequestDelegate next, ControlState state)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && IsNegotiate(context.Request.Path))
        {
            if (state.NegotiateDelay > TimeSpan.Zero) await Task.Delay(state.NegotiateDelay, context.RequestAborted);
            if (state.TakeRefusal() is { } status)
            {
                context.Response.StatusCode = status;
                return;
            }
        }
        await next(context);
    }

    private static bool IsNegotiate(PathString path) =>
        path.Value is { } text && text.TrimEnd('/').EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase);
}
