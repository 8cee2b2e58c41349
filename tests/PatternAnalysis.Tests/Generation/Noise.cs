namespace Platform.PatternAnalysis.Tests.Generation;

/// <summary>How the days late of one customer scatter around its level. Each family has mean or median 0 and the given spread.</summary>
/// <param name="Name">For tables.</param>
/// <param name="IsHeldOut">Not looked at while the detectors' limits were chosen.</param>
/// <param name="Start">Begins a series: given randomness and spread, a function of the day that gives the next value.</param>
internal sealed record Noise(string Name, bool IsHeldOut, Func<Random, double, Func<DateOnly, double>> Start)
{
    public static IReadOnlyList<Noise> Families { get; } =
    [
        new("normal", false, (random, spread) => _ => spread * Gauss(random)),
        new("heavy tails (Student, 3 degrees)", false, (random, spread) => _ => spread / Math.Sqrt(3) * Student(random, 3)),
        new("5 % disputes of 25 to 60 days", false, (random, spread) => _ => (spread * Gauss(random)) + (random.NextDouble() < 0.05 ? 25 + (35 * random.NextDouble()) : 0)),
        new("weekly payment runs", false, (random, spread) =>
        {
            var phase = random.Next(7);
            return day =>
            {
                var late = (int)Math.Round(spread * Gauss(random));
                return late + ((((phase - day.DayNumber - late) % 7) + 7) % 7) - 3;
            };
        }),
        new("Laplace", true, (random, spread) => _ => spread / Math.Sqrt(2) * (random.Next(2) == 0 ? 1 : -1) * Exponential(random, 1)),
        new("skewed (exponential)", true, (random, spread) => _ => Exponential(random, spread) - spread),
        new("two habits (half on the day, half late)", true, (random, spread) => _ => (random.Next(2) == 0 ? -0.9 : 0.9) * spread * (1 + (0.2 * Gauss(random)))),
        new("Cauchy, a third of the spread", true, (random, spread) => _ => spread / 3 * Math.Tan(Math.PI * (random.NextDouble() - 0.5))),
        new("neighbours alike (autocorrelation 0.3)", true, (random, spread) =>
        {
            var state = Gauss(random);
            return _ =>
            {
                state = (0.3 * state) + (Math.Sqrt(1 - 0.09) * Gauss(random));
                return spread * state;
            };
        }),
        new("season of ±half the spread", true, (random, spread) =>
        {
            var phase = 2 * Math.PI * random.NextDouble();
            return day => spread * (Gauss(random) + (0.5 * Math.Sin(phase + (2 * Math.PI * day.DayNumber / 365.25))));
        }),
    ];

    public static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    private static double Student(Random random, int degrees)
    {
        var squares = 0.0;
        for (var i = 0; i < degrees; i++)
        {
            var gauss = Gauss(random);
            squares += gauss * gauss;
        }

        return Gauss(random) / Math.Sqrt(squares / degrees);
    }
}
