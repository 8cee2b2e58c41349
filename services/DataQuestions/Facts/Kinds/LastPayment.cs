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
        SELECT DISTINCT ON (entity_id) entity_id, currency, NULL::text AS part, amount, NULL::float8 AS quantity, 1::bigint AS items, received_on AS day,
               NULL::text AS text, ARRAY[payment_id] AS row_ids, 1::bigint AS total_rows
        FROM received ORDER BY entity_id, received_on DESC, payment_id DESC
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        LastEvent.Read(fact, rows, "no payment has been received yet");
}
