using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>The hub protocol "messagepack": a length prefix and an array for each message (HubProtocol.md, MessagePack).</summary>
internal sealed class MessagePackHubProtocol : IHubProtocol
{
    public string Name => "messagepack";

    public int Version => 2;

    public TransferFormat TransferFormat => TransferFormat.Binary;

    public bool IsVersionSupported(int version) => version <= Version;

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (!LengthPrefix.TrySplit(ref input, out var body))
        {
            message = null;
            return false;
        }
        message = MessageParser.Parse(body, binder);
        // Null: a type that a future version may define. The framework expects "no message" for it.
        return message is not null;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        var body = new PackWriter();
        MessageFormatter.Write(body, message);
        LengthPrefix.Write(output, body.Written.Length);
        output.Write(body.Written);
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteMessage(message, output);
        return output.WrittenMemory;
    }
}
