using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.LoadTests;

/// <summary>The mix of L4: 60 % status, 20 % decision, 20 % pattern questions.</summary>
internal static class Questions
{
    private const int MostCustomers = 100;

    /// <summary>Names of customers that no other customer's name begins with, so that no question is asked back.</summary>
    public static async Task<IReadOnlyList<string>> CustomersAsync(HttpClient http, CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        for (char letter = 'a'; letter <= 'z'; letter++)
        {
            JsonElement found = await http.GetFromJsonAsync<JsonElement>($"api/entities/suggest?q={letter}&limit=20", cancellationToken);
            names.UnionWith(found.EnumerateArray().Select(name => name.GetProperty("name").GetString()!));
        }

        string[] clear = [.. names.Where(name => !names.Any(other => other != name && other.StartsWith(FirstWord(name), StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal).Take(MostCustomers)];
        return clear.Length > 0 ? clear : ["Delta Industries"];
    }

    public static string Next(Random random, IReadOnlyList<string> names)
    {
        string name = names[random.Next(names.Count)];
        return random.NextDouble() switch
        {
            < 0.6 => $"What is the status of {name}?",
            < 0.8 => $"Should we extend payment terms to {name}?",
            _ => $"What patterns do you see with {name}?",
        };
    }

    private static string FirstWord(string name) => name.Split(' ')[0] + " ";
}
