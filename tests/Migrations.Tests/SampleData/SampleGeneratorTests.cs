using Platform.Migrations.SampleData;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.SampleData;

public sealed class SampleGeneratorTests
{
    private static readonly SampleDataSet Sample = SampleGenerator.Generate(SampleGenerator.DefaultSeed);

    public static TheoryData<string> Keys => [.. PlantedBehaviours.All.Select(behaviour => behaviour.Key)];

    [Fact]
    public void Generate_SameSeed_GivesTheSameRows()
    {
        var again = SampleGenerator.Generate(SampleGenerator.DefaultSeed);

        Assert.Equal(Sample.Customers, again.Customers);
        Assert.Equal(Sample.Orders, again.Orders);
        Assert.Equal(Sample.Invoices, again.Invoices);
        Assert.Equal(Sample.Payments, again.Payments);
    }

    [Fact]
    public void Generate_OtherSeed_GivesOtherRowsAndTheSamePlantedNames()
    {
        var other = SampleGenerator.Generate(7);

        Assert.NotEqual(Sample.Orders, other.Orders);
        Assert.Equal(PlantedBehaviours.All.Select(behaviour => behaviour.Customer), other.Customers.Take(PlantedBehaviours.All.Count).Select(customer => customer.Name));
    }

    [Fact]
    public void Generate_Size_IsAtLeastWhatIsPromised()
    {
        Assert.True(Sample.Customers.Count >= 500);
        Assert.True(Sample.Orders.Count >= 20_000);
        Assert.True(Sample.Invoices.Count >= 20_000);
        Assert.True(Sample.Payments.Count >= 20_000);
        Assert.True(Sample.Customers.Select(customer => customer.Currency).Distinct().Count() >= 5);
    }

    [Fact]
    public void Generate_Names_AreDistinctWithOneDeltaIndustriesAmongThreeDeltas()
    {
        Assert.Equal(Sample.Customers.Count, Sample.Customers.Select(customer => customer.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Single(Sample.Customers, customer => customer.Name.Contains("Delta Industries", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(3, Sample.Customers.Count(customer => customer.Name.Contains("Delta", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Generate_Times_LieBeforeTheDayOfGenerationAndInOrder()
    {
        Assert.All(Sample.Orders, order =>
        {
            Assert.InRange(order.Created.Day, -SampleGenerator.HistoryDays, -1);
            Assert.True(order.Shipped is not { } shipped || (shipped.CompareTo(order.Created) > 0 && shipped.Day <= -1));
            Assert.True(order.Delivered is not { } delivered || (delivered.CompareTo(order.Shipped!.Value) > 0 && delivered.Day <= -1));
        });
        var created = Sample.Invoices.ToDictionary(invoice => invoice.InvoiceId, invoice => invoice.Created);
        Assert.All(Sample.Payments, payment => Assert.True(payment.Paid.Day <= -1 && payment.Paid.CompareTo(created[payment.InvoiceId]) > 0));
    }

    [Fact]
    public void Generate_Statuses_AgreeWithTheDates()
    {
        Assert.All(Sample.Orders, order => Assert.Equal(
            order.Status,
            order.Delivered is not null ? "delivered" : order.Shipped is not null ? "shipped" : order.Status is "cancelled" ? "cancelled" : "open"));
        Assert.Contains(Sample.Orders, order => order.Status == "open");
        Assert.Contains(Sample.Orders, order => order.Status == "cancelled");
    }

    [Fact]
    public void Generate_References_Resolve()
    {
        var customers = Sample.Customers.ToDictionary(customer => customer.CustomerId);
        var orders = Sample.Orders.ToDictionary(order => order.OrderId);
        var invoices = Sample.Invoices.ToDictionary(invoice => invoice.InvoiceId);
        Assert.All(Sample.Orders, order => Assert.Equal(customers[order.CustomerId].Currency, order.Currency));
        Assert.All(Sample.Invoices, invoice => Assert.Equal((invoice.CustomerId, invoice.Amount), (orders[invoice.OrderId!].CustomerId, orders[invoice.OrderId!].Amount)));
        Assert.All(Sample.Payments, payment => Assert.Equal(invoices[payment.InvoiceId].Currency, payment.Currency));
    }

    [Fact]
    public void Generate_Payments_NeverExceedTheirInvoice()
    {
        var amounts = Sample.Invoices.ToDictionary(invoice => invoice.InvoiceId, invoice => invoice.Amount);
        Assert.All(Sample.Payments.GroupBy(payment => payment.InvoiceId), group => Assert.True(group.Sum(payment => payment.Amount) <= amounts[group.Key]));
        Assert.All(Sample.Payments, payment => Assert.True(payment.Amount > 0));
    }

    [Fact]
    public void Generate_CreditLimits_OnlyThePlantedCustomerExceedsItsOwn()
    {
        var open = Sample.Invoices.Where(invoice => invoice.Voided is null).GroupBy(invoice => invoice.CustomerId)
            .ToDictionary(group => group.Key, group => group.Sum(invoice => invoice.Amount));
        var paid = Sample.Payments.Join(Sample.Invoices, payment => payment.InvoiceId, invoice => invoice.InvoiceId, (payment, invoice) => (invoice.CustomerId, payment.Amount))
            .GroupBy(item => item.CustomerId).ToDictionary(group => group.Key, group => group.Sum(item => item.Amount));

        var over = Sample.Customers.Where(customer => open.GetValueOrDefault(customer.CustomerId) - paid.GetValueOrDefault(customer.CustomerId) > customer.CreditLimit);

        Assert.Equal([PlantedBehaviours.Get("over-credit-limit").Customer], over.Select(customer => customer.Name));
    }

    [Fact]
    public void Generate_OrdinaryCustomers_HaveNoFreakAmount()
    {
        foreach (var group in Sample.Invoices.GroupBy(invoice => invoice.CustomerId).Where(group => Index(group.Key) >= PlantedBehaviours.All.Count && group.Count() >= 10))
        {
            var amounts = group.Select(invoice => invoice.Amount).Order().ToList();
            Assert.True(amounts[^1] < 8 * amounts[amounts.Count / 2], $"{group.Key}: {amounts[^1]}");
        }
    }

    [Fact]
    public void Generate_DeltaIndustries_ShiftsByThePlantedAmountAtThePlantedDays()
    {
        var facts = Facts("rush-rising-payments-later");

        Assert.InRange(facts.RushShare(int.MinValue, -121), 0.02, 0.10);
        Assert.InRange(facts.RushShare(-120, -1), 0.30, 0.55);
        Assert.InRange(facts.MeanDelay(-150, -1) - facts.MeanDelay(int.MinValue, -151), 12.5, 15.5);
        Assert.True(facts.Invoices.Count(invoice => invoice.Created.Day >= -150 && facts.Paid(invoice) == invoice.Amount) >= 12);
    }

    [Fact]
    public void Generate_ControlCustomers_DoNotShift()
    {
        var rush = Facts("always-rush");
        var late = Facts("always-late");

        Assert.InRange(rush.RushShare(-180, -1) - rush.RushShare(int.MinValue, -181), -0.15, 0.15);
        Assert.InRange(late.MeanDelay(-180, -1) - late.MeanDelay(int.MinValue, -181), -2, 2);
        Assert.Equal(1, late.LateShare());
    }

    [Fact]
    public void Generate_SmallPlantedBehaviours_AreExact()
    {
        Assert.Equal((0, 0), (Facts("always-punctual").LateShare(), Math.Max(0, Facts("always-punctual").MaxDelay())));
        Assert.Equal(1, Facts("amount-anomaly").CountAboveMedian(3));
        Assert.Equal(5, Facts("disputed").Invoices.Count(invoice => invoice.Disputed));
        Assert.Equal((2, 2, 1), (Facts("too-few-rows").Orders.Count, Facts("too-few-rows").Invoices.Count, Facts("too-few-rows").Payments.Count));
        Assert.Empty(Facts("no-rows").Orders);
        Assert.Single(Facts("partly-paid").PartlyPaid());
        Assert.InRange(Facts("silent").Orders.Max(order => order.Created.Day), -85, -71);
        Assert.True(Facts("concentration").ShareOfOpenBalance() > 0.15);
        Assert.InRange(Facts("payments-earlier").MeanDelay(-240, -1) - Facts("payments-earlier").MeanDelay(int.MinValue, -241), -15.5, -12.5);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Get_Key_FindsItsCustomerByItsId(string key)
    {
        var behaviour = PlantedBehaviours.Get(key);

        Assert.Equal(behaviour.Customer, Sample.Customers.Single(customer => customer.CustomerId == PlantedBehaviours.CustomerId(behaviour)).Name);
    }

    [Fact]
    public async Task Document_Committed_IsWhatTheGeneratorWrites()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(TestData.RepositoryRoot, "docs", "sample-data.md"), TestContext.Current.CancellationToken);

        Assert.Equal(SampleDocument.Write(), committed.ReplaceLineEndings("\n"));
    }

    private static CustomerFacts Facts(string key) => new(Sample, PlantedBehaviours.CustomerId(PlantedBehaviours.Get(key)));

    private static int Index(string customerId) => int.Parse(customerId.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) - 1;
}
