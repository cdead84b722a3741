using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Streams of the server that finish, fail midway, or run for ever.</summary>
public partial class CallsHub
{
    public async IAsyncEnumerable<int> Count(
        int count, int delayMilliseconds, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var number = 0; number < count; number++)
        {
            if (delayMilliseconds > 0) await Task.Delay(delayMilliseconds, cancellation);
            yield return number;
        }
    }

    public ChannelReader<int> CountChannel(int count, int delayMilliseconds, CancellationToken cancellation) =>
        StreamChannel.From(Count(count, delayMilliseconds, cancellation), cancellation);

    public async IAsyncEnumerable<Order> Orders(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await Task.Yield();
            yield return OrderNumber(number);
        }
    }

    public async IAsyncEnumerable<int> FailAfter(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return number;
        }
        throw new HubException($"the stream failed after {count} items");
    }

    public ChannelReader<int> FailAfterChannel(int count, CancellationToken cancellation) =>
        StreamChannel.From(FailAfter(count), cancellation);

    public async IAsyncEnumerable<long> Forever(
        string name, int delayMilliseconds, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var watch = cancellation.Register(() => cancellations.Report(name));
        for (var number = 0L; ; number++)
        {
            await Task.Delay(Math.Max(1, delayMilliseconds), cancellation);
            yield return number;
        }
    }

    public ChannelReader<long> ForeverChannel(string name, int delayMilliseconds, CancellationToken cancellation) =>
        StreamChannel.From(Forever(name, delayMilliseconds, cancellation), cancellation);

    /// <summary>Whether the stream of that name was cancelled; waits for it up to the given time.</summary>
    public Task<bool> WasCancelled(string name, int waitMilliseconds) =>
        cancellations.WasReported(name, TimeSpan.FromMilliseconds(waitMilliseconds));
}
