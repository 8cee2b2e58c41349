using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Servers;

namespace Aspire.Hosting.Redis;

/// <summary>Runs Redis from the programs of this machine.</summary>
internal sealed class LocalRedis(RedisResource redis) : LocalServer
{
    private const int DefaultPort = 6379;

    public override string Product => "Redis";

    public override IReadOnlyList<string> Programs { get; } = ["redis-server"];

    public override IEnumerable<string> Folders =>
        ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/opt/redis/bin", "/home/linuxbrew/.linuxbrew/bin"];

    public override string DebianPackage => "redis-server";

    public override string BrewFormula => "redis";

    public override int ContainerPort => DefaultPort;

    public override async Task<ProcessPlan> PrepareAsync(LocalServerStart start, string programFolder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(start.DataFolder);
        var save = redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence) && !start.Throwaway ? persistence.SaveArguments : "\"\"";
        var password = await PasswordAsync(cancellationToken).ConfigureAwait(false);
        var settings = string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1 -::1
            port {start.Port}
            requirepass "{password}"
            dir "{start.DataFolder}"
            save {save}
            daemonize no
            logfile ""

            """);

        // A file that only its owner reads: arguments show in every process list.
        var file = start.DataFolder + ".conf";
        await File.WriteAllTextAsync(file, string.Empty, cancellationToken).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await File.WriteAllTextAsync(file, settings, cancellationToken).ConfigureAwait(false);
        return new ProcessPlan(Path.Combine(programFolder, "redis-server"), [file], start.DataFolder);
    }

    public override async Task<IReadOnlyDictionary<string, string>> ContainerEnvironmentAsync(CancellationToken cancellationToken) =>
        new Dictionary<string, string> { ["REDIS_PASSWORD"] = await PasswordAsync(cancellationToken).ConfigureAwait(false) };

    public override Task<IReadOnlyList<string>> ContainerArgumentsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(
        [
            "/bin/sh", "-c",
            redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence)
                ? $"exec redis-server --requirepass \"$REDIS_PASSWORD\" --save {persistence.SaveArguments}"
                : "exec redis-server --requirepass \"$REDIS_PASSWORD\"",
        ]);

    /// <inheritdoc/>
    public override async Task ProbeAsync(string connectionString, CancellationToken cancellationToken)
    {
        var (host, port, password) = Parse(connectionString);
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        var stream = client.GetStream();
        await using var disposal = stream.ConfigureAwait(false);
        if (password is not null)
        {
            await AskAsync(stream, ["AUTH", password], "+OK", cancellationToken).ConfigureAwait(false);
        }

        await AskAsync(stream, ["PING"], "+PONG", cancellationToken).ConfigureAwait(false);
    }

    public override Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads host, port and password from <c>host[:port][,password=…][,…]</c>.</summary>
    internal static (string Host, int Port, string? Password) Parse(string connectionString)
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var server = Array.Find(parts, part => !part.Contains('=', StringComparison.Ordinal))
            ?? throw new DistributedApplicationException("The Redis connection string names no server; it reads host:port,password=….");
        var password = Array.Find(parts, part => part.StartsWith("password=", StringComparison.OrdinalIgnoreCase))?["password=".Length..];
        var colon = server.LastIndexOf(':');
        return colon > 0 && int.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (server[..colon].Trim('[', ']'), port, password)
            : (server, DefaultPort, password);
    }

    private static async Task AskAsync(NetworkStream stream, string[] command, string expected, CancellationToken cancellationToken)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var word in command)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken).ConfigureAwait(false);
        var reply = new StringBuilder();
        var buffer = new byte[256];
        while (!reply.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new IOException("Redis closed the connection.");
            }

            reply.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        if (!reply.ToString().StartsWith(expected, StringComparison.Ordinal))
        {
            throw new IOException($"Redis answered '{reply.ToString().TrimEnd()}' to {command[0]}.");
        }
    }

    private async Task<string> PasswordAsync(CancellationToken cancellationToken) =>
        await redis.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? string.Empty;
}
