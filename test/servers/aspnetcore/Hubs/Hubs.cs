using Microsoft.AspNetCore.Authorization;

namespace Hubscope.AspNetCoreServer.Hubs;

/// <summary>The same methods under other options (TestHubs.cs); a hub class of its own keeps broadcasts apart.</summary>
public sealed class NoCorsHub(StreamCancellations cancellations) : CallsHub(cancellations);

/// <summary>The framework's defaults: no detailed errors, 32 KB, one invocation at a time.</summary>
public sealed class StrictHub(StreamCancellations cancellations) : CallsHub(cancellations);

[Authorize]
public sealed class SecureHub(StreamCancellations cancellations) : CallsHub(cancellations);

public sealed class StatefulHub(StreamCancellations cancellations) : CallsHub(cancellations);

/// <summary>Pings every second.</summary>
public sealed class QuickHub(StreamCancellations cancellations) : CallsHub(cancellations);

public sealed class EventsOnlyHub(StreamCancellations cancellations) : CallsHub(cancellations);

public sealed class PollingOnlyHub(StreamCancellations cancellations) : CallsHub(cancellations);

/// <summary>Accepts the handshake and then ends the connection with an error.</summary>
public sealed class RefusingHub(StreamCancellations cancellations) : CallsHub(cancellations)
{
    public override Task OnConnectedAsync() => throw new InvalidOperationException("this hub refuses every connection");
}
