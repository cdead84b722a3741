using System.Threading.Channels;

namespace Hubscope.AspNetCoreServer.Hubs;

internal static class StreamChannel
{
    /// <summary>A bounded channel that ends as the sequence does, failures included, or when it is cancelled.</summary>
    public static ChannelReader<T> From<T>(IAsyncEnumerable<T> items, CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<T>(4);
        _ = Copy(items, channel.Writer, cancellation);
        return channel.Reader;
    }

    private static async Task Copy<T>(IAsyncEnumerable<T> items, ChannelWriter<T> writer, CancellationToken cancellation)
    {
        try
        {
            // A reader that went away takes nothing more: without the token a full channel would wait for ever.
            await foreach (var item in items) await writer.WriteAsync(item, cancellation);
            writer.Complete();
        }
        catch (Exception failure)
        {
            writer.TryComplete(failure);
        }
    }
}
