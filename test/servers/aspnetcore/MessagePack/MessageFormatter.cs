using System.Buffers;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>All nine messages as arrays; the item counts are those of Microsoft's implementation.</summary>
internal static class MessageFormatter
{
    public static void Write(PackWriter writer, HubMessage message)
    {
        switch (message)
        {
            case InvocationMessage invocation:
                Call(writer, HubProtocolConstants.InvocationMessageType, invocation, invocation.StreamIds);
                break;
            case StreamInvocationMessage invocation:
                Call(writer, HubProtocolConstants.StreamInvocationMessageType, invocation, invocation.StreamIds);
                break;
            case StreamItemMessage item:
                Head(writer, 4, HubProtocolConstants.StreamItemMessageType, item);
                Value(writer, item.Item);
                break;
            case CompletionMessage completion:
                Completion(writer, completion);
                break;
            case CancelInvocationMessage cancel:
                Head(writer, 3, HubProtocolConstants.CancelInvocationMessageType, cancel);
                break;
            case PingMessage:
                Numbered(writer, 1, HubProtocolConstants.PingMessageType);
                break;
            case CloseMessage close:
                Numbered(writer, 3, HubProtocolConstants.CloseMessageType);
                writer.WriteString(string.IsNullOrEmpty(close.Error) ? null : close.Error);
                writer.WriteBoolean(close.AllowReconnect);
                break;
            case AckMessage ack:
                Numbered(writer, 2, HubProtocolConstants.AckMessageType);
                writer.WriteInteger(ack.SequenceId);
                break;
            case SequenceMessage sequence:
                Numbered(writer, 2, HubProtocolConstants.SequenceMessageType);
                writer.WriteInteger(sequence.SequenceId);
                break;
            default:
                throw new InvalidDataException($"Unexpected message type: {message.GetType().Name}");
        }
    }

    private static void Call(PackWriter writer, int type, HubMethodInvocationMessage call, string[]? streamIds)
    {
        Head(writer, 6, type, call);
        writer.WriteString(call.Target);
        writer.WriteArrayLength(call.Arguments.Length);
        foreach (var argument in call.Arguments) Value(writer, argument);
        writer.WriteArrayLength(streamIds?.Length ?? 0);
        foreach (var id in streamIds ?? []) writer.WriteString(id);
    }

    private static void Completion(PackWriter writer, CompletionMessage completion)
    {
        var kind = completion.Error is not null ? ResultKind.Error : completion.HasResult ? ResultKind.Value : ResultKind.Void;
        Head(writer, kind == ResultKind.Void ? 4 : 5, HubProtocolConstants.CompletionMessageType, completion);
        writer.WriteInteger(kind);
        if (kind == ResultKind.Error) writer.WriteString(completion.Error);
        if (kind == ResultKind.Value) Value(writer, completion.Result);
    }

    private static void Head(PackWriter writer, int items, int type, HubInvocationMessage message)
    {
        Numbered(writer, items, type);
        writer.WriteMapLength(message.Headers?.Count ?? 0);
        foreach (var (key, value) in message.Headers ?? new Dictionary<string, string>())
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }
        writer.WriteString(string.IsNullOrEmpty(message.InvocationId) ? null : message.InvocationId);
    }

    private static void Numbered(PackWriter writer, int items, int type)
    {
        writer.WriteArrayLength(items);
        writer.WriteInteger(type);
    }

    /// <summary>At the top the type of the value itself counts, not the declared one.</summary>
    private static void Value(PackWriter writer, object? value)
    {
        if (value is RawResult raw) writer.WriteRaw(raw.RawSerializedData.ToArray());
        else ValueWriter.Write(writer, value, value?.GetType() ?? typeof(object));
    }
}
