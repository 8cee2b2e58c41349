// Prints the variables that its arguments name and ends with the code in SAMPLE_EXIT.
foreach (var name in args)
{
    Console.WriteLine($"{name}={Environment.GetEnvironmentVariable(name)}");
}

return int.Parse(Environment.GetEnvironmentVariable("SAMPLE_EXIT") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
