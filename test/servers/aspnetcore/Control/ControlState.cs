namespace Hubscope.AspNetCoreServer.Control;

/// <summary>Faults that are ordered from outside and not yet used up.</summary>
internal sealed class ControlState
{
    private readonly Lock gate = new();
    private int refusals;
    private int refusalStatus = StatusCodes.Status503ServiceUnavailable;
    private int negotiateDelay;
    private int answerDelay;

    public TimeSpan NegotiateDelay => TimeSpan.FromMilliseconds(Volatile.Read(ref negotiateDelay));

    public TimeSpan AnswerDelay => TimeSpan.FromMilliseconds(Volatile.Read(ref answerDelay));

    public void RefuseNegotiates(int count, int status)
    {
        lock (gate) (refusals, refusalStatus) = (Math.Max(0, count), status);
    }

    /// <summary>The status to refuse this negotiate with, if it is to be refused; counts it.</summary>
    public int? TakeRefusal()
    {
        lock (gate)
        {
            if (refusals == 0) return null;
            refusals--;
            return refusalStatus;
        }
    }

    public void Delay(int? negotiateMilliseconds, int? answerMilliseconds)
    {
        if (negotiateMilliseconds is { } negotiate) Volatile.Write(ref negotiateDelay, Math.Max(0, negotiate));
        if (answerMilliseconds is { } answer) Volatile.Write(ref answerDelay, Math.Max(0, answer));
    }

    public void Reset()
    {
        RefuseNegotiates(0, StatusCodes.Status503ServiceUnavailable);
        Delay(0, 0);
    }

    public object Describe()
    {
        lock (gate)
        {
            return new
            {
                refuseNegotiates = new { count = refusals, status = refusalStatus },
                delay = new { negotiateMs = negotiateDelay, answerMs = answerDelay },
            };
        }
    }
}
