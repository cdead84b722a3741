namespace Hubscope.AspNetCoreServer;

internal static class StandardInput
{
    /// <summary>A process that a test started must not outlive the test: the pipe ends when the parent does.</summary>
    public static void StopWhenItEnds(IHostApplicationLifetime lifetime)
    {
        var thread = new Thread(() =>
        {
            var input = Console.OpenStandardInput();
            var ignored = new byte[256];
            while (input.Read(ignored) > 0) { }
            lifetime.StopApplication();
        });
        thread.IsBackground = true;
        thread.Start();
    }
}
