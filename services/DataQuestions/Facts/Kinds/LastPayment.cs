using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class LastPayment : FactProvider
{
    public override string Name => "last_payment";

    public override string Label => "Last payment";

    public override string Definition => "Day and amount of the latest payment received up to the day.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    public override string Table => "domain.payments";

    public override string Select => """
        SELECT g.entity_id, l.currency, NULL::text AS part, l.amount, NULL::float8 AS quantity, 1::bigint AS items, l.received_on AS day,
               NULL::text AS text, ARRAY[l.payment_id] AS row_ids, 1::bigint AS total_rows
        FROM (SELECT DISTINCT entity_id FROM received) g
        CROSS JOIN LATERAL (SELECT * FROM received r WHERE r.entity_id = g.entity_id ORDER BY r.received_on DESC, r.payment_id DESC LIMIT 1) l
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        LastEvent.Read(fact, rows, "no payment has been received yet");
}
