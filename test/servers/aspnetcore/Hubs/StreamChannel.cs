using System.Threading.Channels;

namespace Hubscope.AspNetCoreServer.Hubs;

internal static class StreamChannel
{
    /// <summary>A bounded channel that ends as the sequence does, failures included.</summary>
    public static ChannelReader<T> From<T>(IAsyncEnumerable<T> items)
    {
        var channel = Channel.CreateBounded<T>(4);
        _ = Copy(items, channel.Writer);
        return channel.Reader;
    }

    private static async Task Copy<T>(IAsyncEnumerable<T> items, ChannelWriter<T> writer)
    {
        try
        {
            await foreach (var item in items) await writer.WriteAsync(item);
            writer.Complete();
        }
        catch (Exception failure)
        {
            writer.TryComplete(failure);
        }
    }
}
