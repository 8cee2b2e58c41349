namespace Platform.EntityResolution.Tests.Questions;

/// <summary>A registry of invented companies: telling names, near-equals, and names that are ordinary words.</summary>
internal static class GeneratedRegistry
{
    private static readonly string[] First =
    [
        "Altamira", "Borealis", "Cascadia", "Dunmore", "Evergreen", "Fairhaven", "Granville", "Hollister", "Ironbridge", "Juniper", "Kestrel", "Larkspur", "Meridian", "Northgate", "Oakmont", "Pemberton",
        "Quillfeather", "Ravenswood", "Silverstone", "Thornbury", "Umbria", "Valemont", "Westbrook", "Xanadu", "Yarrow", "Zephyr", "Bergström", "Łukasik", "Núñez", "O'Connor", "Saint-Malo", "Van der Berg",
        "Müller & Söhne", "T.R. Hobbs", "3Point", "McAllister", "D'Angelo", "Weiß", "Çelik", "Harper & Lowe",
    ];

    private static readonly string[] Second =
    [
        "Industries", "Logistics", "Foods", "Medical", "Textiles", "Robotics", "Freight", "Instruments", "Packaging", "Analytics", "Brewing", "Ceramics", "Dynamics", "Energy", "Furniture", "Optics",
    ];

    private static readonly string[] Endings = ["", "", " Inc", ", Inc.", " Ltd", " GmbH", " LLC", " S.A.", " AB", " Co.", " plc", " AG"];

    private static readonly string[] Common =
    [
        "Target", "Gap", "Apple", "Visa", "Square", "Block", "Oracle", "Orange", "Shell", "Sprint", "Progress", "Match", "Chase", "Delta", "Unity", "Zoom", "Snap", "Box", "Dash", "Root", "Element", "Subway",
    ];

    public static List<Company> Companies()
    {
        var random = new Random(20261122);
        var companies = new List<Company>();
        foreach (var first in First)
        {
            // Each first word has one to four companies, so that it alone is sometimes telling and sometimes not.
            foreach (var second in Second.OrderBy(_ => random.Next()).Take(1 + random.Next(4)))
            {
                companies.Add(new Company($"G-{companies.Count + 1}", $"{first} {second}{Endings[random.Next(Endings.Length)]}"));
            }
        }

        foreach (var word in Common)
        {
            companies.Add(new Company($"G-{companies.Count + 1}", word + (random.Next(2) == 0 ? " Corp" : " Inc."), IsCommonWord: true));
        }

        return companies;
    }
}
