namespace Hubscope.AspNetCoreServer.MessagePack;

/// <summary>The fourth item of a Completion.</summary>
internal static class ResultKind
{
    public const int Error = 1;
    public const int Void = 2;
    public const int Value = 3;
}
