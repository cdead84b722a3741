using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Control;

/// <summary>Holds back what a hub method answers, failures included.</summary>
internal sealed class AnswerDelay(ControlState state) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(context);
        }
        finally
        {
            if (state.AnswerDelay > TimeSpan.Zero) await Task.Delay(state.AnswerDelay, context.Context.ConnectionAborted);
        }
    }
}
