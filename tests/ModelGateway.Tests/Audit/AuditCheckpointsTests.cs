using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Tests.Audit;

public sealed class AuditCheckpointsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoints").FullName;

    private string Exported => Path.Combine(_folder, "kept", "checkpoints.jsonl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Advance_AnotherReplicaAppends_WaitsForIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Exported)!);
        var held = new FileStream(Exported, FileMode.Append, FileAccess.Write, FileShare.None);

        var advanced = Checkpoints().AdvanceAsync(Row(0, 7), Token);
        Assert.False(advanced.IsCompleted);
        await held.DisposeAsync();
        await advanced;

        Assert.Equal([(0, 7L)], Read());
    }

    [Fact]
    public async Task Advance_ManyReplicasAtOnce_KeepsEveryLine()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Exported)!);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(shard => Task.Run(() => Checkpoints().AdvanceAsync(Row(shard, 7), Token), Token)));

        Assert.Equal(Enumerable.Range(0, 8).Select(shard => (shard, 7L)), Read().Order());
    }

    [Fact]
    public async Task Advance_FileDoesNotTakeIt_GoesWithTheNextExport()
    {
        var checkpoints = Checkpoints();
        await checkpoints.AdvanceAsync(Row(0, 7), Token);
        await checkpoints.AdvanceAsync(Row(1, 3), Token);
        await checkpoints.AdvanceAsync(Row(0, 8), Token);

        Directory.CreateDirectory(Path.GetDirectoryName(Exported)!);
        await checkpoints.FlushAsync(Token);

        Assert.Equal([(0, 8L), (1, 3L)], Read());
        Assert.Null(checkpoints.UntilDue);
    }

    [Fact]
    public async Task Advance_LineBeforeIsCutOff_IsNotSpoiltByIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Exported)!);
        await Checkpoints().AdvanceAsync(Row(0, 7), Token);
        var line = await File.ReadAllTextAsync(Exported, Token);
        await File.AppendAllTextAsync(Exported, line[..(line.Length / 2)], Token);

        await Checkpoints().AdvanceAsync(Row(1, 3), Token);

        Assert.Equal([(0, 7L), (1, 3L)], Read());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AuditCheckpoints Checkpoints()
    {
        var options = Options.Create(new ModelGatewayOptions { Audit = new AuditOptions { CheckpointFile = Exported } });
        return new AuditCheckpoints(AuditDatabase.Key, options, TimeProvider.System, NullLogger<AuditCheckpoints>.Instance);
    }

    private List<(int Shard, long Sequence)> Read() =>
        [.. File.ReadLines(Exported).Select(AuditCheckpoint.Find).OfType<AuditCheckpoint>().Select(checkpoint => (checkpoint.Shard, checkpoint.Sequence))];

    private static AuditRow Row(int shard, long sequence) => AuditRow.After(shard, sequence, AuditRow.Genesis, AuditDatabase.Entry((int)sequence), AuditDatabase.Key);
}
