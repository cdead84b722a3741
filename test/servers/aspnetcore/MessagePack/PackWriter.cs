using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>MessagePack's own types, each in its smallest form.</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> output = new();

    public ReadOnlySpan<byte> Written => output.WrittenSpan;

    public void WriteNil() => Byte(0xc0);

    public void WriteBoolean(bool value) => Byte(value ? (byte)0xc3 : (byte)0xc2);

    public void WriteInteger(long value)
    {
        if (value >= 0) WriteInteger((ulong)value);
        else if (value >= -32) Byte(unchecked((byte)value));
        else if (value >= sbyte.MinValue) WriteFixed(0xd0, 1, value);
        else if (value >= short.MinValue) WriteFixed(0xd1, 2, value);
        else if (value >= int.MinValue) WriteFixed(0xd2, 4, value);
        else WriteFixed(0xd3, 8, value);
    }

    public void WriteInteger(ulong value)
    {
        if (value <= 0x7f) Byte((byte)value);
        else if (value <= byte.MaxValue) WriteFixed(0xcc, 1, (long)value);
        else if (value <= ushort.MaxValue) WriteFixed(0xcd, 2, (long)value);
        else if (value <= uint.MaxValue) WriteFixed(0xce, 4, (long)value);
        else WriteFixed(0xcf, 8, unchecked((long)value));
    }

    /// <summary>A code and the low <paramref name="size"/> bytes of the bits, most significant first.</summary>
    public void WriteFixed(byte code, int size, long bits)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, bits);
        Byte(code);
        output.Write(all[(8 - size)..]);
    }

    public void WriteSingle(float value) => WriteFixed(0xca, 4, BitConverter.SingleToInt32Bits(value));

    public void WriteDouble(double value) => WriteFixed(0xcb, 8, BitConverter.DoubleToInt64Bits(value));

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length <= 31) Byte((byte)(0xa0 | bytes.Length));
        else WriteLength(bytes.Length, 0xd9, 0xda, 0xdb);
        output.Write(bytes);
    }

    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length, 0xc4, 0xc5, 0xc6);
        output.Write(bytes);
    }

    public void WriteArrayLength(int length)
    {
        if (length <= 15) Byte((byte)(0x90 | length));
        else WriteLength(length, null, 0xdc, 0xdd);
    }

    public void WriteMapLength(int length)
    {
        if (length <= 15) Byte((byte)(0x80 | length));
        else WriteLength(length, null, 0xde, 0xdf);
    }

    /// <summary>Extension -1 in 32, 64 or 96 bits; a local time is turned to UTC first, an unspecified one taken as UTC.</summary>
    public void WriteTimestamp(DateTime value)
    {
        var ticks = (value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks - DateTime.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        var nanoseconds = rest * TimeSpan.NanosecondsPerTick;
        if (seconds is < 0 or > 0x3_ffff_ffff)
        {
            output.Write<byte>([0xc7, 12, 0xff]);
            Raw(4, nanoseconds);
            Raw(8, seconds);
        }
        else if (nanoseconds == 0 && seconds <= uint.MaxValue)
        {
            output.Write<byte>([0xd6, 0xff]);
            Raw(4, seconds);
        }
        else
        {
            output.Write<byte>([0xd7, 0xff]);
            Raw(8, (nanoseconds << 34) | seconds);
        }
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private void WriteLength(int length, byte? code8, byte code16, byte code32)
    {
        if (code8 is { } code && length <= byte.MaxValue) WriteFixed(code, 1, length);
        else if (length <= ushort.MaxValue) WriteFixed(code16, 2, length);
        else WriteFixed(code32, 4, length);
    }

    private void Raw(int size, long bits)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, bits);
        output.Write(all[(8 - size)..]);
    }

    private void Byte(byte value) => output.Write([value]);
}
