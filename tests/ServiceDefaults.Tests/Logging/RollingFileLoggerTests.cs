using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class RollingFileLoggerTests
{
    [Fact]
    public void Log_MoreThanTheLimit_KeepsTheNewestFilesUnderIt()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-logs-{Guid.NewGuid():n}");
        var options = new LogFileOptions { Folder = folder, MaximumBytes = 4096, MaximumFiles = 3 };
        try
        {
            using (var provider = new LineLoggerProvider([new RollingLogFile(options, "sample", new ManualTime())], new ManualTime()))
            {
                var logger = provider.CreateLogger("Platform.Sample");
                for (var index = 0; index < 400; index++)
                {
                    logger.LogInformation("line {Index}", index);
                }
            }

            var files = Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(["sample.1.log", "sample.2.log", "sample.log"], files.Select(Path.GetFileName));
            Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, options.MaximumBytes));
            var kept = new[] { "sample.2.log", "sample.1.log", "sample.log" }
                .SelectMany(name => File.ReadLines(Path.Combine(folder, name)))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("fields").GetProperty("Index").GetInt32())
                .ToArray();
            Assert.Equal(Enumerable.Range(400 - kept.Length, kept.Length), kept);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Log_AfterRestart_ContinuesTheFile()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-logs-{Guid.NewGuid():n}");
        var options = new LogFileOptions { Folder = folder };
        try
        {
            for (var run = 0; run < 2; run++)
            {
                using var provider = new LineLoggerProvider([new RollingLogFile(options, "sample", new ManualTime())], new ManualTime());
                provider.CreateLogger("Platform.Sample").LogInformation("run {Run}", run);
            }

            Assert.Equal(2, File.ReadLines(Path.Combine(folder, "sample.log")).Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Log_ReplicasWithOneFolder_LoseNoLineToEachOther()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-logs-{Guid.NewGuid():n}");
        var options = new LogFileOptions { Folder = folder, MaximumBytes = 4096, MaximumFiles = 100 };
        const int Replicas = 3;
        const int Lines = 200;
        try
        {
            Parallel.For(0, Replicas, replica =>
            {
                using var provider = new LineLoggerProvider([new RollingLogFile(options, "sample", new ManualTime())], new ManualTime());
                var logger = provider.CreateLogger("Platform.Sample");
                for (var index = 0; index < Lines; index++)
                {
                    logger.LogInformation("replica {Replica} line {Index}", replica, index);
                }
            });

            var kept = Directory.GetFiles(folder, "*.log")
                .SelectMany(File.ReadLines)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("fields"))
                .Select(fields => (fields.GetProperty("Replica").GetInt32(), fields.GetProperty("Index").GetInt32()))
                .Order().ToArray();
            Assert.Equal(Enumerable.Range(0, Replicas).SelectMany(replica => Enumerable.Range(0, Lines).Select(index => (replica, index))), kept);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Log_DiskFull_GoesOnWhenThereIsRoomAndSaysWhatIsMissing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        var folder = Path.Combine(Path.GetTempPath(), $"platform-logs-{Guid.NewGuid():n}");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "sample.log");
        File.CreateSymbolicLink(file, "/dev/full");
        try
        {
            var time = new NoticingTime();
            using (var provider = new LineLoggerProvider([new RollingLogFile(new LogFileOptions { Folder = folder }, "sample", time)], time))
            {
                var logger = provider.CreateLogger("Platform.Sample");
                logger.LogInformation("lost");
                await time.Paused.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
                File.Delete(file);
                await Eventually.HoldsAsync(
                    () =>
                    {
                        logger.LogInformation("kept");
                        return File.Exists(file) && File.ReadAllText(file).Contains("kept", StringComparison.Ordinal);
                    },
                    "lines are written again");
            }

            Assert.Matches("LogLinesDropped.*[0-9]+ log lines were dropped because the file could not be written", File.ReadAllText(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Tells when somebody pauses, and makes the pause short.</summary>
    private sealed class NoticingTime : TimeProvider
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Paused => _paused.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _paused.TrySetResult();
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(20), period);
        }
    }
}
