using System.Buffers;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>Unsigned LEB128 lengths of one to five bytes, at most 2 GB.</summary>
internal static class LengthPrefix
{
    private const int MaxBytes = 5;

    /// <summary>False while prefix or body are incomplete; <paramref name="input"/> is left alone then.</summary>
    public static bool TrySplit(ref ReadOnlySequence<byte> input, out byte[] body)
    {
        body = [];
        Span<byte> prefix = stackalloc byte[MaxBytes];
        var available = (int)Math.Min(MaxBytes, input.Length);
        input.Slice(0, available).CopyTo(prefix);

        var length = 0u;
        var used = 0;
        byte last;
        do
        {
            if (used == available)
            {
                if (available == MaxBytes) throw new FormatException("Messages over 2GB in size are not supported.");
                return false;
            }
            last = prefix[used];
            if (used == MaxBytes - 1 && last > 7) throw new FormatException("Messages over 2GB in size are not supported.");
            length |= (last & 0x7fu) << (used * 7);
            used++;
        }
        while ((last & 0x80) != 0);

        if (input.Length - used < length) return false;
        body = input.Slice(used, length).ToArray();
        input = input.Slice(used + length);
        return true;
    }

    public static void Write(IBufferWriter<byte> output, int length)
    {
        Span<byte> prefix = stackalloc byte[MaxBytes];
        var used = 0;
        var rest = (uint)length;
        do
        {
            prefix[used++] = (byte)(rest > 0x7f ? rest | 0x80 : rest);
            rest >>= 7;
        }
        while (rest > 0);
        output.Write(prefix[..used]);
    }
}
