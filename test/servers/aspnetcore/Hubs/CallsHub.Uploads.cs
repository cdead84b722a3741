using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Streams of the client: one, two at once, beside arguments, and answered by a stream.</summary>
public partial class CallsHub
{
    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers) sum += number;
        return sum;
    }

    public async Task<int> SumChannel(ChannelReader<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers.ReadAllAsync()) sum += number;
        return sum;
    }

    /// <summary>
    /// The official JavaScript client cannot call this: of two streams side by side it finds only the first.
    /// </summary>
    public async Task<int> SumTwo(ChannelReader<int> left, IAsyncEnumerable<int> right)
    {
        var sums = await Task.WhenAll(SumChannel(left), Sum(right));
        return sums[0] - sums[1];
    }

    /// <summary>Two streams at once with an argument between them.</summary>
    public async Task<int> SumTwoScaled(ChannelReader<int> left, int factor, IAsyncEnumerable<int> right)
    {
        var sums = await Task.WhenAll(SumChannel(left), Sum(right));
        return (sums[0] * factor) - sums[1];
    }

    public async Task<string> Join(string separator, IAsyncEnumerable<string> words, int limit)
    {
        var joined = new List<string>();
        await foreach (var word in words)
        {
            joined.Add(word);
            if (joined.Count == limit) break;
        }
        return string.Join(separator, joined);
    }

    public async Task<int> UploadedBytes(IAsyncEnumerable<byte[]> chunks)
    {
        var total = 0;
        await foreach (var chunk in chunks) total += chunk.Length;
        return total;
    }

    /// <summary>Both directions at once.</summary>
    public async IAsyncEnumerable<int> Doubled(
        IAsyncEnumerable<int> numbers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var number in numbers.WithCancellation(cancellation)) yield return number * 2;
    }
}
