using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Names;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>The 8,519 companies that are registered with the SEC; skips the test when the data is absent.</summary>
internal static class SecRegistrants
{
    public static List<Company> Read()
    {
        var path = TestData.Find("entity_matching/company_names/sec_companies.csv");
        return
        [
            .. from line in File.ReadLines(path).Skip(1)
               let cells = Cells(line)
               where cells[1].Length > 0
               let words = NameText.Normalize(cells[1]).Words
               select new Company("S-" + cells[0], cells[1], words.Count == 1 && Vocabulary.IsOrdinary(words[0])),
        ];
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var letter in line)
        {
            switch (letter)
            {
                case '"': quoted = !quoted; break;
                case ',' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                default: cell.Append(letter); break;
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
