using System.Buffers.Binary;
using System.Text;

namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>
/// MessagePack's own types, in any of their forms. Every read is bounded by the body; a fault throws
/// <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/>.
/// </summary>
internal ref struct PackReader(byte[] body)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: false);

    private readonly ReadOnlySpan<byte> body = body;
    private int position;

    public readonly byte PeekCode() => position < body.Length ? body[position] : throw new EndOfStreamException();

    public bool TryReadNil()
    {
        if (PeekCode() != 0xc0) return false;
        position++;
        return true;
    }

    public bool ReadBoolean() => Code() switch
    {
        0xc3 => true,
        0xc2 => false,
        var code => throw Unexpected(code),
    };

    public long ReadInt64() => checked((long)ReadInteger());

    /// <summary>Wide enough for every integer of the format.</summary>
    public Int128 ReadInteger()
    {
        var code = Code();
        return code switch
        {
            <= 0x7f => code,
            >= 0xe0 => (sbyte)code,
            0xcc => Take(1)[0],
            0xcd => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xce => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xcf => BinaryPrimitives.ReadUInt64BigEndian(Take(8)),
            0xd0 => (sbyte)Take(1)[0],
            0xd1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xd2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            _ => throw Unexpected(code),
        };
    }

    /// <summary>Integers count: JavaScript writes a whole number as one.</summary>
    public double ReadDouble()
    {
        switch (PeekCode())
        {
            case 0xca:
                position++;
                return BinaryPrimitives.ReadSingleBigEndian(Take(4));
            case 0xcb:
                position++;
                return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
            default:
                return (double)ReadInteger();
        }
    }

    public string? ReadString() => TryReadNil() ? null : Utf8.GetString(Take(StringLength(Code())));

    /// <summary>Text counts as bytes, as in Microsoft's implementation (the format once had no binary type).</summary>
    public byte[] ReadBinary()
    {
        var code = Code();
        return code switch
        {
            0xc4 => Take(Take(1)[0]).ToArray(),
            0xc5 => Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))).ToArray(),
            0xc6 => Take(BinaryPrimitives.ReadUInt32BigEndian(Take(4))).ToArray(),
            _ => Take(StringLength(code)).ToArray(),
        };
    }

    public int ReadArrayLength() => Code() switch
    {
        var code and >= 0x90 and <= 0x9f => code & 0x0f,
        0xdc => Count(BinaryPrimitives.ReadUInt16BigEndian(Take(2)), 1),
        0xdd => Count(BinaryPrimitives.ReadUInt32BigEndian(Take(4)), 1),
        var code => throw Unexpected(code),
    };

    public int ReadMapLength() => Code() switch
    {
        var code and >= 0x80 and <= 0x8f => code & 0x0f,
        0xde => Count(BinaryPrimitives.ReadUInt16BigEndian(Take(2)), 2),
        0xdf => Count(BinaryPrimitives.ReadUInt32BigEndian(Take(4)), 2),
        var code => throw Unexpected(code),
    };

    public DateTime ReadTimestamp()
    {
        var (type, data) = ReadExtension();
        if (type != -1) throw new InvalidDataException($"Extension {type} is not a timestamp.");
        var (seconds, nanoseconds) = data.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(data), 0u),
            8 => ((long)(BinaryPrimitives.ReadUInt64BigEndian(data) & 0x3_ffff_ffff), (uint)(BinaryPrimitives.ReadUInt64BigEndian(data) >> 34)),
            12 => (BinaryPrimitives.ReadInt64BigEndian(data[4..]), BinaryPrimitives.ReadUInt32BigEndian(data)),
            var length => throw new InvalidDataException($"A timestamp of {length} bytes is not defined."),
        };
        return DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    public byte[] ReadRaw()
    {
        var from = position;
        Skip();
        return body[from..position].ToArray();
    }

    /// <summary>Over one whole value, however nested, without recursion.</summary>
    public void Skip()
    {
        for (var pending = 1L; pending > 0; pending--)
        {
            var code = PeekCode();
            switch (code)
            {
                case 0xc0 or 0xc2 or 0xc3: position++; break;
                case (>= 0x90 and <= 0x9f) or 0xdc or 0xdd: pending += ReadArrayLength(); break;
                case (>= 0x80 and <= 0x8f) or 0xde or 0xdf: pending += 2L * ReadMapLength(); break;
                case (>= 0xa0 and <= 0xbf) or (>= 0xd9 and <= 0xdb) or (>= 0xc4 and <= 0xc6): ReadBinary(); break;
                case (>= 0xc7 and <= 0xc9) or (>= 0xd4 and <= 0xd8): ReadExtension(); break;
                default: ReadDouble(); break;
            }
        }
    }

    private Extension ReadExtension()
    {
        var code = Code();
        var length = code switch
        {
            >= 0xd4 and <= 0xd8 => 1u << (code - 0xd4),
            0xc7 => Take(1)[0],
            0xc8 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xc9 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => throw Unexpected(code),
        };
        var type = (sbyte)Take(1)[0];
        return new Extension(type, Take(length));
    }

    private uint StringLength(byte code) => code switch
    {
        >= 0xa0 and <= 0xbf => code & 0x1fu,
        0xd9 => Take(1)[0],
        0xda => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xdb => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
        _ => throw Unexpected(code),
    };

    /// <summary>A count that the rest of the body cannot hold is a fault, before anything is allocated for it.</summary>
    private readonly int Count(uint count, int smallestItem) =>
        count <= (uint)(body.Length - position) / smallestItem ? (int)count : throw new EndOfStreamException();

    private byte Code()
    {
        var code = PeekCode();
        position++;
        return code;
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > body.Length - position) throw new EndOfStreamException();
        var taken = body.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }

    private static InvalidDataException Unexpected(byte code) => new($"Unexpected MessagePack code 0x{code:x2}.");

    private readonly ref struct Extension(sbyte type, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> data = data;

        public void Deconstruct(out sbyte ofType, out ReadOnlySpan<byte> ofData)
        {
            ofType = type;
            ofData = data;
        }
    }
}
