using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceDaysLate : AttributeFact
{
    public override string Name => "invoice_days_late";

    public override string Label => "Days late";

    public override string Definition => "Days from due date to payment, or to the day while it is open; 0 when not late.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Quantity => "greatest(coalesce(paid_on, @as_of::date) - due_date, 0)::float8";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
