using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Platform.EndToEndTests;

/// <summary>A real Prometheus over the running platform: the files of <c>deploy</c> find every process and every query has data.</summary>
[Collection(PlatformWithModels.Collection)]
public sealed partial class PrometheusTests(PlatformWithModels with)
{
    private const string Program = "/usr/bin/prometheus";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    // What a healthy platform has none of; each is checked against the code by Observability.Tests.
    private static readonly string[] AbsentWhenHealthy = ["platform_llm_cost", "result=~\"error|corrupt|refused\""];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static string Deploy { get; } = Path.Combine(Root(), "deploy");

    [Fact]
    public async Task Prometheus_WithTheDeployedFiles_FindsEveryProcessAndEveryQueryHasData()
    {
        Assert.SkipUnless(File.Exists(Program), "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = PrometheusProcess.Start(Program, Deploy, with.Platform.GatewayUrl);
        string[] services = ["gateway", "entity-resolution", "memory", "pattern-analysis", "data-questions", "context-synthesis", "response-generation", "model-gateway"];
        await RunningPlatform.EventuallyAsync(
            async () => (await prometheus.QueryAsync("up == 1")).Select(s => s.GetProperty("metric").GetProperty("service").GetString()).Distinct().Order(StringComparer.Ordinal).SequenceEqual(services.Order(StringComparer.Ordinal)),
            Limit, "every process is scraped; " + prometheus.Said);

        string[] questions = ["What is the status of Delta Industries?", "Should we extend payment terms to Delta Industries?", "What patterns do you see with Delta Industries?", "How many invoices are overdue?"];
        List<string> without = [];
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                await Task.WhenAll(questions.Select(question => with.Platform.AskAsync(question, user: "prometheus")));
                without.Clear();
                foreach ((string where, string query) in Queries())
                {
                    if ((await prometheus.QueryAsync(query)).Count == 0 && !AbsentWhenHealthy.Any(part => query.Contains(part, StringComparison.Ordinal)))
                    {
                        without.Add($"{where}: {query}");
                    }
                }

                return without.Count == 0;
            },
            Limit, $"every query has data; without: {string.Join("; ", without)}");
    }

    /// <summary>Recorded expressions, what alerts compare, and the queries of the dashboards.</summary>
    private static IEnumerable<(string Where, string Query)> Queries()
    {
        YamlStream yaml = [];
        using StreamReader reader = new(Path.Combine(Deploy, "prometheus", "rules.yml"));
        yaml.Load(reader);
        foreach (YamlNode rule in ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]))
        {
            string expression = ((YamlScalarNode)rule["expr"]).Value!;
            bool isAlert = ((YamlMappingNode)rule).Children.ContainsKey(new YamlScalarNode("alert"));
            foreach (string part in isAlert ? expression.Split(" and on (cache) ") : [expression])
            {
                yield return ("rules.yml", isAlert ? Comparison().Replace(part, "") : part);
            }
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(Deploy, "grafana"), "*.json"))
        {
            using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _)))
            {
                foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
                {
                    yield return ($"{Path.GetFileName(file)}, {panel.GetProperty("title").GetString()}", Comparison().Replace(target.GetProperty("expr").GetString()!, "").Replace("$__rate_interval", "1m", StringComparison.Ordinal));
                }
            }
        }
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Platform.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }

    [GeneratedRegex(@"\s*(?:==|>|<)\s*[\d.]+\s*$")]
    private static partial Regex Comparison();
}

/// <summary>A Prometheus with the deployed files, the platform's address in them, and shorter intervals.</summary>
internal sealed class PrometheusProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;
    private readonly System.Text.StringBuilder _said = new();

    private PrometheusProcess(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The end of its log.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <param name="program">Path of prometheus.</param>
    /// <param name="deploy">Folder with <c>prometheus/prometheus.yml</c>.</param>
    /// <param name="gateway">Replaces the address in the file.</param>
    /// <param name="rules">Changes the rules, for tests that cannot wait; null leaves them.</param>
    public static PrometheusProcess Start(string program, string deploy, Uri gateway, Func<string, string>? rules = null)
    {
        string folder = Directory.CreateTempSubdirectory("platform-prometheus-").FullName;
        string configuration = File.ReadAllText(Path.Combine(deploy, "prometheus", "prometheus.yml"))
            .Replace("http://localhost:5080", gateway.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("15s", "1s", StringComparison.Ordinal).Replace("10s", "1s", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"), configuration);
        string text = File.ReadAllText(Path.Combine(deploy, "prometheus", "rules.yml"));
        File.WriteAllText(Path.Combine(folder, "rules.yml"), rules?.Invoke(text) ?? text);
        int port = FreePort();
        ProcessStartInfo start = new(program, [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")])
        {
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        return new PrometheusProcess(Process.Start(start)!, folder, port);
    }

    /// <summary>The series that an expression gives now; none while Prometheus starts.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", TestContext.Current.CancellationToken);
            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode || (int)response.StatusCode == 503, $"{expression}: {body}");
            return response.IsSuccessStatusCode ? [.. JsonElement.Parse(body).GetProperty("data").GetProperty("result").EnumerateArray()] : [];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(TimeSpan.FromSeconds(10));
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
            _said.Remove(0, Math.Max(0, _said.Length - 4000));
        }
    }
}
