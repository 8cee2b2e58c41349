using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>Rush orders before a change and since.</summary>
internal sealed record Change(DateOnly From, DateOnly On, int RushBefore, int OrdersBefore, int RushSince, int OrdersSince)
{
    public double ShareBefore => (double)RushBefore / OrdersBefore;

    public double ShareSince => (double)RushSince / OrdersSince;

    public double Difference => ShareSince - ShareBefore;

    public static Change At(List<OrderRow> orders, int index)
    {
        var rushBefore = 0;
        var rush = 0;
        for (var i = 0; i < orders.Count; i++)
        {
            rush += orders[i].IsRush ? 1 : 0;
            rushBefore += i < index && orders[i].IsRush ? 1 : 0;
        }

        return new Change(orders[0].PlacedOn, orders[index].PlacedOn, rushBefore, index, rush - rushBefore, orders.Count - index);
    }
}
