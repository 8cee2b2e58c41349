using System.Globalization;

namespace Platform.GroundingCases;

/// <summary>Tells the figures of one customer in styles drawn by the seed.</summary>
internal sealed class Teller(Random random, Situation situation, Customer customer, CultureInfo culture, bool names)
{
    private bool _named;

    public Customer C => customer;

    public Customer Other => customer == situation.First ? situation.Second! : situation.First;

    public Changes Ch => situation.Changes;

    /// <summary>The name first, then mostly a pronoun.</summary>
    public Part Who => Naming() ? new Name(customer.Name) : "It";

    public Part Whose => Naming() ? new Name(customer.Name + (customer.Name.EndsWith('s') ? "'" : "'s")) : "Its";

    public Part Name(Customer of) => new Name(of.Name);

    public Part M(decimal amount, bool exact = false) => new Quantity((double)amount, Unit.Money, customer.Currency, exact ? 0 : random.Next(9), culture);

    public Part P(double share) => new Quantity(share, Unit.Percent, "", random.Next(7), culture);

    public Part Points(double share) => new Quantity(Math.Abs(share), Unit.Points, "", 0, culture);

    public Part D(double days) => new Quantity(days, Unit.Days, "", random.Next(4), culture);

    public Part D1(double days) => new Quantity(days, Unit.Days, "", 0, culture);

    public Part P1(double share) => new Quantity(share, Unit.Percent, "", 0, culture);

    public Part Count(int count, string noun, bool plain = false) => new Quantity(count, Unit.Count, noun, plain ? 0 : random.Next(5), culture);

    public Part T(double times) => new Quantity(times, Unit.Times, "", random.Next(2), culture);

    public Part On(DateOnly day, bool month = true) => new Day(day, random.Next(month ? 5 : 4));

    private bool Naming()
    {
        var name = names || !_named || random.Next(4) == 0;
        _named = true;
        return name;
    }
}
