using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Safety.Patterns;
using Platform.ModelGateway.Safety.Words;

namespace Platform.Benchmarks.Redaction;

/// <summary>
/// P17: masking personal data on one core, against Regex.Count of compiled expressions for the same structured types, which neither verify
/// check digits nor look at the words around nor write anything.
/// </summary>
internal sealed class RedactionBenchmark : IBenchmark
{
    /// <summary>One expression for each kind that the recognizers of numbers, networks and secrets look for.</summary>
    private static readonly string[] Expressions =
    [
        @"\b(?:\d[ -]?){12,18}\d\b",
        @"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b",
        @"\b[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
        @"(?:\+|\b00)\d{1,3}[ ./-]?(?:\(?\d{1,5}\)?[ ./-]?){2,5}\d{2,4}\b",
        @"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
        @"\b0\d{1,5}[ /-]?(?:\d{2,4}[ -]?){2,4}\b",
        @"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b",
        @"\b(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f]{1,4}\b|\b(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4})?\b",
        @"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
        @"\b[a-z][a-z0-9+.-]*://[^\s""'<>]+",
        @"\b(?:[a-z0-9-]+\.)+(?:com|net|org|edu|gov|io|dev|app|co|de|uk|fr|es|it|nl|eu)\b",
        @"\b\d{3}-\d{2}-\d{4}\b",
        @"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        @"\b[XYZ]?\d{7,8}[A-Z]\b",
        @"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b",
        @"\b\d{6}[-+A]\d{3}[0-9A-Z]\b",
        @"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b",
        @"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b",
        @"\b\d{17}[0-9X]\b",
        @"\b\d{9,13}\b",
        @"(?i)passport\D{0,20}[A-Z0-9]{6,12}\b",
        @"(?i)driv(?:er|ing)\D{0,30}[A-Z0-9-]{5,20}\b",
        @"(?i)(?:routing|account|sort code)\D{0,20}\d{6,17}\b",
        @"\b(?:sk-|ghp_|gho_|xox[bpars]-|AKIA|AIza|glpat-|npm_|hf_)[A-Za-z0-9_-]{10,}\b",
        @"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\b",
        @"-----BEGIN [A-Z ]*KEY-----",
        @"(?i)\b(?:password|passwd|pwd|secret|api[_ -]?key|token)\b\s*(?:[:=]|is)\s*\S{6,}",
        @"\b0x[0-9a-fA-F]{40}\b",
        @"\bbc1[a-z0-9]{36,71}\b",
    ];

    public string Name => "redaction";

    public Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var text = Corpus(isShort ? 200_000 : 2_000_000);
        var megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        var expressions = Expressions.Select(expression => new Regex(expression, RegexOptions.Compiled | RegexOptions.CultureInvariant)).ToArray();
        var structured = new PiiDetector([new NumberRecognizer(), new NetworkRecognizer(), new SecretRecognizer()], TimeProvider.System);
        var all = new PiiDetector([new NumberRecognizer(), new NetworkRecognizer(), new SecretRecognizer(), new WordRecognizer()], TimeProvider.System);
        var same = new Comparison("P17 MB/s", "MB/s");
        var names = new Comparison("with names", "MB/s");
        var (counted, found) = (0, 0);
        for (var round = -2; round < (isShort ? 3 : 9); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var limit = megabytes / Time(() => counted = expressions.Sum(expression => expression.Count(text)));
            var measured = megabytes / Time(() => found = Redact(structured, text));
            var full = megabytes / Time(() => Redact(all, text));
            if (round >= 0)
            {
                same.Add(limit, measured);
                names.Add(limit, full);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{megabytes:N1} MB in texts of 2,000 characters, {Expressions.Length} expressions; matched {counted}, redacted {found}"));
        same.Print(">= 0.50", ratio => ratio >= 0.5);
        names.Print(">= 0.50", ratio => ratio >= 0.5);
        return Task.CompletedTask;
    }

    private static int Redact(PiiDetector detector, string text)
    {
        var found = 0;
        var redacted = new StringBuilder(2_100);

        // As prompts come: in texts of some thousand characters.
        for (var start = 0; start < text.Length; start += 2_000)
        {
            var part = text.Substring(start, Math.Min(2_000, text.Length - start));
            redacted.Clear();
            var position = 0;
            foreach (var span in detector.Find(part, TimeSpan.FromSeconds(30)))
            {
                redacted.Append(part, position, span.Start - position).Append('[').Append(span.Type.Name()).Append(']');
                position = span.End;
                found++;
            }

            redacted.Append(part, position, part.Length - position);
        }

        return found;
    }

    private static double Time(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Business prose with figures, and something personal in every fifth sentence; the same for each run.</summary>
    private static string Corpus(int characters)
    {
        string[] plain =
        [
            "The invoice INV-2026-{0} over {1}.50 EUR is open since 2026-03-{2} and the reminder was sent twice. ",
            "Delta Industries ordered {0} units in the second quarter, which is 12.5% more than in the year before. ",
            "Payments drift later by about {2} days, while the credit limit of {1} USD is hardly used. ",
            "We should look at the rush orders again before the terms are extended, as the margin fell to {2}%. ",
            "What was agreed in the last call stays as it is; nobody expects that the price will rise this year. ",
            "According to the notes of the sales team, the customer asked for a discount and was told to wait. ",
            "In the warehouse, {2} pallets are left; the next delivery comes at 10:15 on Monday. ",
            "Please summarize what is known about the open orders and recommend what to do next. ",
        ];
        string[] personal =
        [
            "Write to anna.meier{0}@example.com or call +49 30 {1}{0} about it. ",
            "The card 4111 1111 1111 1111 of Mr. James Miller was declined. ",
            "Her IBAN is DE89 3704 0044 0532 0130 00 and she lives at 12 Acacia Avenue. ",
            "It came from 192.168.{2}.17, see https://example.com/orders/{0}?page=2. ",
            "His social security number is 536-90-4399 and he was born on 12/24/1971. ",
            "The key sk-proj-abcdefghijklmnop{0}qrstuv012345 was found in the mail. ",
        ];
        var random = new Random(17);
        var text = new StringBuilder(characters + 200);
        while (text.Length < characters)
        {
            var sentence = random.Next(5) == 0 ? personal[random.Next(personal.Length)] : plain[random.Next(plain.Length)];
            text.AppendFormat(CultureInfo.InvariantCulture, sentence, random.Next(10_000, 99_999), random.Next(1_000, 90_000), random.Next(10, 28));
        }

        return text.ToString();
    }
}
