using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>The usual JavaScript libraries, in a child process; none when node or npm is absent. Times are those within the child.</summary>
internal sealed class NodeMatchers : IAsyncDisposable
{
    private static readonly string[] Packages = ["fuse.js@7.5", "minisearch@7.2", "@leeoniya/ufuzzy@1.0"];
    private readonly string? _folder;
    private readonly Process? _child;

    private NodeMatchers(string? folder, Process? child) => (_folder, _child) = (folder, child);

    public IEnumerable<INameMatcher> Matchers =>
        _child is null ? [] : [new NodeMatcher(_child, "fuse.js"), new NodeMatcher(_child, "minisearch"), new NodeMatcher(_child, "ufuzzy")];

    public static async Task<NodeMatchers> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("entity-matching-").FullName;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(2));
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "{}", limit.Token);
            using var install = Start("npm", folder, ["install", "--no-audit", "--no-fund", "--ignore-scripts", .. Packages]);
            var said = install.StandardError.ReadToEndAsync(limit.Token);
            await install.StandardOutput.ReadToEndAsync(limit.Token);
            await install.WaitForExitAsync(limit.Token);
            if (install.ExitCode == 0)
            {
                return new NodeMatchers(folder, Start("node", folder, [Path.Combine(AppContext.BaseDirectory, "EntityResolution", "peers.mjs"), folder]));
            }

            Console.WriteLine($"npm could not install {string.Join(", ", Packages)}; the comparison goes on without them: {(await said).Trim()}");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("node and npm are not available; the comparison goes on without fuse.js, minisearch and ufuzzy");
        }

        return new NodeMatchers(folder, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            _child.Kill(entireProcessTree: true);
            await _child.WaitForExitAsync(CancellationToken.None);
            _child.Dispose();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static Process Start(string program, string folder, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = program == "npm" })!;

    private sealed record Reply(int Index, double Score, double Microseconds, string? Ready);

    private sealed class NodeMatcher(Process child, string name) : INameMatcher
    {
        private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        private IReadOnlyList<NamedEntity> _entities = [];

        public string Name => name;

        public async Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken)
        {
            _entities = entities;
            await AskAsync(new { maker = name, names = entities.Select(e => e.Name) }, cancellationToken);
        }

        public async Task<FoundName> FindAsync(string text, CancellationToken cancellationToken)
        {
            var reply = await AskAsync(new { text }, cancellationToken);
            return new FoundName(reply.Index < 0 ? null : _entities[reply.Index].Id, reply.Score, reply.Microseconds);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task<Reply> AskAsync<T>(T question, CancellationToken cancellationToken)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(2));
            await child.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question, Json).AsMemory(), limit.Token);
            await child.StandardInput.FlushAsync(limit.Token);
            var line = await child.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The node process ended.");
            return JsonSerializer.Deserialize<Reply>(line, Json)!;
        }
    }
}
