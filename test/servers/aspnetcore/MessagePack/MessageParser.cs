using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>
/// One message body. A fault of the envelope throws, which ends the connection; a fault of a value becomes a binding
/// failure, which is answered. The texts are those of Microsoft's implementation.
/// </summary>
internal static class MessageParser
{
    public static HubMessage? Parse(byte[] body, IInvocationBinder binder)
    {
        var reader = new PackReader(body);
        var items = reader.ReadArrayLength();
        var type = Envelope.ReadInt32(ref reader, "messageType");
        return type switch
        {
            HubProtocolConstants.InvocationMessageType => Invocation(ref reader, binder, items, streaming: false),
            HubProtocolConstants.StreamInvocationMessageType => Invocation(ref reader, binder, items, streaming: true),
            HubProtocolConstants.StreamItemMessageType => StreamItem(ref reader, binder),
            HubProtocolConstants.CompletionMessageType => Completion(ref reader, binder),
            HubProtocolConstants.CancelInvocationMessageType => Cancel(ref reader),
            HubProtocolConstants.PingMessageType => PingMessage.Instance,
            HubProtocolConstants.CloseMessageType => Close(ref reader, items),
            HubProtocolConstants.AckMessageType => new AckMessage(Envelope.ReadInt64(ref reader, "sequenceId")),
            HubProtocolConstants.SequenceMessageType => new SequenceMessage(Envelope.ReadInt64(ref reader, "sequenceId")),
            _ => null,
        };
    }

    private static HubMessage Invocation(ref PackReader reader, IInvocationBinder binder, int items, bool streaming)
    {
        var headers = Envelope.ReadHeaders(ref reader);
        var kind = streaming ? "StreamInvocation" : "Invocation";
        var id = streaming ? Envelope.ReadRequiredId(ref reader, kind) : Envelope.ReadOptionalId(ref reader);
        var target = Envelope.ReadString(ref reader, "target");
        if (string.IsNullOrEmpty(target)) throw new InvalidDataException($"Null or empty target for {kind} message.");

        object?[] arguments;
        try
        {
            arguments = ArgumentBinder.Bind(ref reader, binder.GetParameterTypes(target));
        }
        catch (Exception failure)
        {
            return WithHeaders(new InvocationBindingFailureMessage(id, target, ExceptionDispatchInfo.Capture(failure)), headers);
        }
        // Five items are legal: older peers, and the official client when a call has no streams.
        var streamIds = items > 5 ? Envelope.ReadStreamIds(ref reader) : null;
        return streaming
            ? WithHeaders(new StreamInvocationMessage(id!, target, arguments, streamIds), headers)
            : WithHeaders(new InvocationMessage(id, target, arguments, streamIds), headers);
    }

    private static HubMessage StreamItem(ref PackReader reader, IInvocationBinder binder)
    {
        var headers = Envelope.ReadHeaders(ref reader);
        var id = Envelope.ReadRequiredId(ref reader, "StreamItem");
        try
        {
            var item = ArgumentBinder.Value(ref reader, binder.GetStreamItemType(id), "item");
            return WithHeaders(new StreamItemMessage(id, item), headers);
        }
        catch (Exception failure)
        {
            return new StreamBindingFailureMessage(id, ExceptionDispatchInfo.Capture(failure));
        }
    }

    private static CompletionMessage Completion(ref PackReader reader, IInvocationBinder binder)
    {
        var headers = Envelope.ReadHeaders(ref reader);
        var id = Envelope.ReadRequiredId(ref reader, "Completion");
        var kind = Envelope.ReadInt32(ref reader, "resultKind");
        var completion = kind switch
        {
            ResultKind.Error => new CompletionMessage(id, Envelope.ReadString(ref reader, "error"), null, false),
            ResultKind.Void => new CompletionMessage(id, null, null, false),
            ResultKind.Value => Result(ref reader, binder, id),
            _ => throw new InvalidDataException("Invalid invocation result kind."),
        };
        return WithHeaders(completion, headers);
    }

    private static CompletionMessage Result(ref PackReader reader, IInvocationBinder binder, string id)
    {
        Type? type;
        try
        {
            type = binder.GetReturnType(id);
        }
        catch (Exception)
        {
            // Nobody waits for this result; the framework looks at the id and drops the message.
            type = null;
        }
        if (type is null)
        {
            reader.Skip();
            return new CompletionMessage(id, null, null, true);
        }
        if (type == typeof(RawResult))
        {
            return new CompletionMessage(id, null, new RawResult(new ReadOnlySequence<byte>(reader.ReadRaw())), true);
        }
        try
        {
            return new CompletionMessage(id, null, ArgumentBinder.Value(ref reader, type, "argument"), true);
        }
        catch (Exception failure)
        {
            return new CompletionMessage(id, $"Error trying to deserialize result to {type.Name}. {failure.Message}", null, false);
        }
    }

    private static CancelInvocationMessage Cancel(ref PackReader reader)
    {
        var headers = Envelope.ReadHeaders(ref reader);
        return WithHeaders(new CancelInvocationMessage(Envelope.ReadRequiredId(ref reader, "CancelInvocation")), headers);
    }

    private static CloseMessage Close(ref PackReader reader, int items)
    {
        var error = Envelope.ReadString(ref reader, "error");
        var allowReconnect = items > 2 && Envelope.ReadBoolean(ref reader, "allowReconnect");
        return error is null && !allowReconnect ? CloseMessage.Empty : new CloseMessage(error, allowReconnect);
    }

    private static T WithHeaders<T>(T message, Dictionary<string, string>? headers) where T : HubInvocationMessage
    {
        if (headers is { Count: > 0 }) message.Headers = headers;
        return message;
    }
}
