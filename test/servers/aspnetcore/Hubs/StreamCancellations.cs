using System.Collections.Concurrent;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>Which named streams were cancelled: what only the server knows and a test must be able to ask.</summary>
public sealed class StreamCancellations
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> reports = new();

    public void Report(string name) => Of(name).TrySetResult();

    public async Task<bool> WasReported(string name, TimeSpan wait)
    {
        var report = Of(name).Task;
        return report == await Task.WhenAny(report, Task.Delay(wait));
    }

    public void Forget() => reports.Clear();

    private TaskCompletionSource Of(string name) =>
        reports.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
