using Hubscope.AspNetCoreServer;
using Hubscope.AspNetCoreServer.Control;

var builder = WebApplication.CreateBuilder(args);
// Standard output carries one line, the address; whatever is logged goes to standard error.
builder.Logging.ClearProviders();
builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

var origins = new AllowedOrigins(builder.Configuration["origins"]);
// Open sockets must not hold up the end of a test.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.Services.AddCors();
builder.Services.AddTestAuthentication();
builder.Services.AddTestControl();
builder.Services.AddTestHubs();

var app = builder.Build();
app.UseWhen(
    context => !context.Request.Path.StartsWithSegments("/nocors"),
    branch => branch.UseCors(origins.Apply));
app.UseMiddleware<NegotiateFaults>();
app.UseMiddleware<LiveRequests>();
app.UseWebSockets();
app.UseAuthentication();
app.UseAuthorization();
app.UseStaticFiles();

app.MapTestHubs();
app.MapTestControl();
app.MapTestTokens();
app.MapOfficialClient(OfficialClient.FindNodeModules(app.Configuration["node-modules"], app.Environment.ContentRootPath));
app.MapGet("/", () => Results.Redirect("/calls.html"));

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {app.Urls.First()}"));
if (app.Configuration.GetValue<bool>("stop-with-stdin")) StandardInput.StopWhenItEnds(app.Lifetime);
app.Run();
