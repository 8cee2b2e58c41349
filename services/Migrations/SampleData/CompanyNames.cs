namespace Platform.Migrations.SampleData;

/// <param name="Country">English name.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="LegalForms">Legal forms in use there; empty text: none in the name.</param>
internal sealed record Market(string Country, string Currency, IReadOnlyList<string> Cities, IReadOnlyList<string> LegalForms);

/// <summary>Made-up company names, distinct also without their legal form.</summary>
internal sealed class CompanyNames
{
    /// <summary>Countries by their share of the customers: listed twice, twice as many.</summary>
    public static IReadOnlyList<Market> Markets { get; } = BuildMarkets();

    private static readonly string[] Roots =
    [
        "Aldermoor", "Amberline", "Ashgrove", "Auricle", "Avenbury", "Balmoor", "Bexcroft", "Birkholm", "Blackwater", "Bramhall",
        "Brindley", "Calderon", "Carrowmore", "Castellan", "Cedarholt", "Clearbrook", "Corvane", "Cressida", "Dalesworth", "Dovermere",
        "Dunmarrow", "Eastvale", "Eldergate", "Emberley", "Fairhaven", "Falkenrath", "Farrowdene", "Fenwick", "Ferrand", "Fjellvik",
        "Galloway", "Glasmere", "Goldcrest", "Granholm", "Greywater", "Halden", "Harrowgate", "Hartwell", "Havelock", "Hazelmere",
        "Hollenbeck", "Ingleby", "Ironvale", "Ivarsson", "Jadefield", "Jorvik", "Kaltenbrunn", "Kestrel", "Kingsmark", "Kirkwall",
        "Lambrecht", "Larkfield", "Lindqvist", "Lomond", "Lunaris", "Maplehurst", "Marchetti", "Merrowdale", "Montclair", "Moorgate",
        "Nethercote", "Nordhavn", "Northcape", "Oakhaven", "Oldbridge", "Orsini", "Ostermann", "Palmyra", "Pendragon", "Pinecrest",
        "Portland Quay", "Quarrystone", "Ravensworth", "Redfern", "Riverstone", "Rosendahl", "Rothmere", "Saltmarsh", "Sandoval", "Seabourne",
        "Silverdale", "Skagerrak", "Solberg", "Southgate", "Starling", "Steinbach", "Stonebridge", "Summerfield", "Sundström", "Tamarack",
        "Tessaro", "Thornbury", "Tidewater", "Torrance", "Ulverston", "Umbra", "Valdemar", "Vandermeer", "Verano", "Vesterholm",
        "Wexcombe", "Whitlock", "Wildmoor", "Willowbank", "Winterbourne", "Wolfsburg Nord", "Yarrow", "Ysselmond", "Zandvoort", "Zephyr",
        "Æbleskov", "Müllheim", "Świtoń", "Château Brun", "O'Hara",
    ];

    private static readonly (string Industry, string[] Words)[] Trades =
    [
        ("Manufacturing", ["Precision", "Castings", "Machine Works", "Components", "Tooling", "Fabrication", "Bearings", "Pumps & Valves"]),
        ("Food & Beverage", ["Foods", "Dairy", "Bakeries", "Provisions", "Mills", "Beverages", "Coffee Roasters"]),
        ("Logistics", ["Freight", "Haulage", "Shipping", "Cold Storage", "Distribution", "Forwarding"]),
        ("Healthcare", ["Medical Supplies", "Diagnostics", "Surgical", "Pharma Distribution", "Dental"]),
        ("Construction", ["Builders", "Timber", "Roofing", "Concrete", "Scaffolding", "Joinery"]),
        ("Retail", ["Stores", "Outfitters", "Home & Garden", "Books", "Sports", "Furniture"]),
        ("Technology", ["Systems", "Robotics", "Software", "Networks", "Instruments", "Optics"]),
        ("Energy", ["Energy", "Solar", "Grid Services", "Wind Parks", "Heat Pumps"]),
        ("Textiles", ["Textiles", "Weavers", "Apparel", "Knitwear", "Carpets"]),
        ("Chemicals", ["Chemicals", "Coatings", "Polymers", "Adhesives", "Pigments"]),
    ];

    private static readonly string[] Regions = ["Nordic", "Iberia", "Benelux", "Alpine", "Baltic", "Atlantic", "Pacific", "Central"];

    private readonly HashSet<string> _taken;

    /// <param name="reserved">Names in use already; their first words are avoided too where they are roots.</param>
    public CompanyNames(IEnumerable<string> reserved) => _taken = new HashSet<string>(reserved, StringComparer.OrdinalIgnoreCase);

    /// <summary>The next name that nobody has, and the industry it speaks of.</summary>
    public (string Name, string Industry) Next(SampleRandom random, Market market)
    {
        while (true)
        {
            var (industry, words) = random.Pick(Trades);
            var core = Core(random, random.Pick(words), market);
            if (_taken.Add(core))
            {
                var form = random.Pick(market.LegalForms);
                return (form.Length == 0 ? core : $"{core} {form}", industry);
            }
        }
    }

    private static string Core(SampleRandom random, string trade, Market market) => random.Integer(0, 9) switch
    {
        <= 4 => $"{random.Pick(Roots)} {trade}",
        5 => $"{random.Pick(Roots)} & {random.Pick(Roots)} {trade}",
        6 => $"{random.Pick(market.Cities)} {trade}",
        7 => $"{random.Pick(Roots)} {random.Pick(Regions)} {trade}",
        8 => $"{random.Pick(Roots)} {trade} Group",
        _ => $"{random.Pick(Roots)} Brothers {trade}",
    };

    private static IReadOnlyList<Market> BuildMarkets()
    {
        var germany = new Market("Germany", "EUR", ["Hamburg", "Köln", "Leipzig", "München", "Stuttgart", "Bremen"], ["GmbH", "GmbH", "AG", "GmbH & Co. KG", "KG"]);
        var britain = new Market("United Kingdom", "GBP", ["Leeds", "Bristol", "Glasgow", "Norwich", "Sheffield", "Cardiff"], ["Ltd", "Ltd", "Limited", "PLC", "LLP"]);
        var america = new Market("United States", "USD", ["Portland", "Columbus", "Austin", "Denver", "Richmond", "Tacoma"], ["Inc.", "Inc", "LLC", "Corp.", "Co."]);
        return
        [
            america, america, america, germany, germany, britain, britain,
            new Market("France", "EUR", ["Lyon", "Nantes", "Lille", "Bordeaux"], ["SA", "SARL", "SAS"]),
            new Market("Netherlands", "EUR", ["Utrecht", "Rotterdam", "Eindhoven"], ["B.V.", "BV", "N.V."]),
            new Market("Italy", "EUR", ["Torino", "Bologna", "Verona"], ["S.p.A.", "S.r.l."]),
            new Market("Spain", "EUR", ["Valencia", "Bilbao", "Málaga"], ["S.L.", "S.A."]),
            new Market("Sweden", "SEK", ["Göteborg", "Malmö", "Uppsala"], ["AB"]),
            new Market("Denmark", "DKK", ["Aarhus", "Odense", "Aalborg"], ["A/S", "ApS"]),
            new Market("Poland", "PLN", ["Kraków", "Gdańsk", "Poznań"], ["Sp. z o.o.", "S.A."]),
            new Market("Switzerland", "CHF", ["Basel", "Winterthur", "Luzern"], ["AG", "GmbH", "SA"]),
            new Market("Japan", "JPY", ["Osaka", "Nagoya", "Sendai"], ["K.K.", "Co., Ltd."]),
        ];
    }
}
