using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Calls that ask a client for a result before they answer.</summary>
public partial class CallsHub
{
    /// <summary>Asks the caller's <c>Answer</c> method.</summary>
    public async Task<string> AskCaller(string question)
    {
        var answer = await Clients.Caller.InvokeAsync<string>("Answer", question, Context.ConnectionAborted);
        return $"{question} {answer}";
    }

    /// <summary>Asks the caller's <c>Square</c> method.</summary>
    public Task<int> AskNumber(int number) =>
        Clients.Caller.InvokeAsync<int>("Square", number, Context.ConnectionAborted);

    /// <summary>Asks the caller's <c>Check</c> method, which answers an order.</summary>
    public Task<Order> AskOrder(int number) =>
        Clients.Caller.InvokeAsync<Order>("Check", OrderNumber(number), Context.ConnectionAborted);

    /// <summary>Asks another connection's <c>Answer</c> method.</summary>
    public Task<string> AskConnection(string connectionId, string question) =>
        Clients.Client(connectionId).InvokeAsync<string>("Answer", question, Context.ConnectionAborted);

    /// <summary>Gives up when the caller has not answered in time.</summary>
    public async Task<string> AskWithin(string question, int milliseconds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Context.ConnectionAborted);
        patience.CancelAfter(milliseconds);
        try
        {
            return await Clients.Caller.InvokeAsync<string>("Answer", question, patience.Token);
        }
        catch (Exception) when (patience.IsCancellationRequested)
        {
            throw new HubException($"no answer within {milliseconds} ms");
        }
    }
}
