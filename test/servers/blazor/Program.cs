using Hubscope.AspNetCoreServer;
using Hubscope.BlazorServer.Components;

var builder = WebApplication.CreateBuilder(args);
// Standard output carries one line, the address; whatever is logged goes to standard error.
builder.Logging.ClearProviders();
builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Logging.SetMinimumLevel(LogLevel.Critical);

// Open sockets must not hold up the end of a test.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.Services.AddRazorComponents().AddInteractiveServerComponents(options => options.DetailedErrors = true);

var app = builder.Build();
app.UseStaticFiles();
app.UseAntiforgery();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {app.Urls.First()}"));
if (app.Configuration.GetValue<bool>("stop-with-stdin")) StandardInput.StopWhenItEnds(app.Lifetime);
app.Run();
