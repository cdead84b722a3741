namespace Hubscope.AspNetCoreServer;

/// <summary>Serves the browser bundles of the official client from an npm installation, at /vendor.</summary>
internal static class OfficialClient
{
    private static readonly (string Route, string File)[] Bundles =
    [
        ("/vendor/signalr.js", "@microsoft/signalr/dist/browser/signalr.js"),
        ("/vendor/signalr-protocol-msgpack.js", "@microsoft/signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.js"),
    ];

    public static void MapOfficialClient(this IEndpointRouteBuilder routes, string? nodeModules)
    {
        foreach (var (route, file) in Bundles)
        {
            routes.MapGet(route, () => nodeModules is null
                ? Results.Problem("No node_modules with @microsoft/signalr was found: run npm ci, or pass --node-modules.")
                : Results.File(Path.Combine(nodeModules, file), "text/javascript; charset=utf-8"));
        }
    }

    /// <summary>The folder of the command line, or else the nearest node_modules that holds the client, upwards from here.</summary>
    public static string? FindNodeModules(string? commandLine, string from)
    {
        if (commandLine is not null) return Path.GetFullPath(commandLine);
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "node_modules");
            if (File.Exists(Path.Combine(candidate, Bundles[0].File))) return candidate;
        }
        return null;
    }
}
