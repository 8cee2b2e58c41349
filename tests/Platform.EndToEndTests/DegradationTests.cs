using System.Text.Json;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Kill one thing after the other: the next answers still come, say so, and recover by themselves.</summary>
public sealed class DegradationTests(RunningPlatform platform)
{
    private const string Question = "What is the status of Delta Industries?";
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Platform.EntityResolution.dll")]
    [InlineData("Platform.Memory.dll")]
    [InlineData("Platform.PatternAnalysis.dll")]
    [InlineData("Platform.DataQuestions.dll")]
    [InlineData("Platform.ContextSynthesis.dll")]
    [InlineData("Platform.ResponseGeneration.dll")]
    [InlineData("Platform.ModelGateway.dll")]
    public async Task Service_Killed_AnswersGoOnAndRecover(string service)
    {
        await FullAsync();
        int before = Assert.Single(ServiceProcesses.Find(service));

        ServiceProcesses.Kill(before);

        for (int i = 0; i < 5; i++)
        {
            JsonElement answer = await platform.AskAsync(Question);
            Assert.NotEqual("", answer.GetProperty("answer").GetString());
            Assert.Contains(answer.GetProperty("degradation").GetProperty("level").GetString(), (string[])["full", "limited", "minimal"]);
        }

        // The host starts it again, whether or not answers needed it meanwhile.
        await RunningPlatform.EventuallyAsync(
            () => Task.FromResult(ServiceProcesses.Find(service).Any(id => id != before)), RecoveryLimit, $"{service} is started again");
        await FullAsync();
    }

    [Fact]
    public async Task Redis_Killed_AnswersGoOnAndRecover()
    {
        await FullAsync();
        foreach (int id in ServiceProcesses.Find("redis-server"))
        {
            ServiceProcesses.Kill(id);
        }

        for (int i = 0; i < 10; i++)
        {
            JsonElement answer = await platform.AskAsync(Question);
            Assert.Contains("Delta Industries", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        }

        await RunningPlatform.EventuallyAsync(
            () => Task.FromResult(ServiceProcesses.Find("redis-server").Count > 0), RecoveryLimit, "Redis is started again");
        await FullAsync();
    }

    [Fact]
    public async Task PostgreSql_Killed_KnownQuestionsAreStillAnsweredAndMarked()
    {
        await FullAsync();
        int postmaster = ServiceProcesses.Find("postgres").Min();

        ServiceProcesses.Kill(postmaster);

        JsonElement answer = await platform.AskAsync(Question);
        Assert.Contains("Delta Industries", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        // Answers may be whole from memory while it is still away.
        await RunningPlatform.EventuallyAsync(DatabaseAnswersAsync, RecoveryLimit, "PostgreSQL is started again");
        await FullAsync();
    }

    private async Task<bool> DatabaseAnswersAsync()
    {
        try
        {
            await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Task FullAsync() => RunningPlatform.EventuallyAsync(
        async () =>
        {
            JsonElement answer = await platform.AskAsync(Question);
            return answer.GetProperty("degradation").GetProperty("level").GetString() == "full"
                && answer.GetProperty("sources").EnumerateArray().All(s => !s.GetProperty("stale").GetBoolean());
        },
        RecoveryLimit,
        "answers are whole again");
}
