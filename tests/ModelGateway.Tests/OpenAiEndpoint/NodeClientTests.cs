using System.Diagnostics;
using System.Text.Json;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.OpenAiEndpoint;

/// <summary>The official JavaScript client, pointed at the endpoint and otherwise as for OpenAI. Skipped where npm cannot install it.</summary>
public sealed class NodeClientTests(PlatformServers servers)
{
    private const string Package = "openai@7.57.0";

    private const string Script = """
        import OpenAI from 'openai';
        const client = new OpenAI({ apiKey: 'any', baseURL: process.argv[2], maxRetries: 0 });
        const messages = [{ role: 'user', content: 'What does Delta owe?' }];
        const seen = {};
        const whole = await client.chat.completions.create({ model: 'primary', messages });
        seen.whole = [whole.choices[0].message.content, whole.choices[0].finish_reason, whole.usage.completion_tokens > 0];
        let text = '', finish = null, usage = null;
        for await (const chunk of await client.chat.completions.create({ model: 'primary', messages, stream: true, stream_options: { include_usage: true } })) {
          text += chunk.choices[0]?.delta?.content ?? '';
          finish = chunk.choices[0]?.finish_reason ?? finish;
          usage = chunk.usage ?? usage;
        }
        seen.streamed = [text, finish, usage.completion_tokens > 0];
        const tools = [{ type: 'function', function: { name: 'balance', parameters: { type: 'object', properties: { customer: { type: 'string' } } } } }];
        const runner = client.chat.completions.stream({ model: 'primary', messages, tools });
        seen.tool = (await runner.finalChatCompletion()).choices[0].message.tool_calls[0].function;
        const vectors = await client.embeddings.create({ model: 'embedding', input: ['a b', 'b a'] });
        seen.vectors = [vectors.data.length, vectors.data[0].embedding.length, JSON.stringify(vectors.data[0].embedding) === JSON.stringify(vectors.data[1].embedding)];
        seen.flagged = (await client.moderations.create({ model: 'moderation', input: 'kill' })).results[0].flagged;
        seen.models = (await client.models.list()).data.map(model => model.id);
        seen.refused = await client.chat.completions.create({ model: 'primary', messages, n: 2 }).catch(error => [error.status, error.param, error.type]);
        try {
          for await (const chunk of await client.chat.completions.create({ model: 'primary', messages: [{ role: 'user', content: 'break' }], stream: true })) seen.broken = chunk.choices[0]?.finish_reason;
          seen.broken = 'complete';
        } catch (error) { seen.broken = error.constructor.name; }
        console.log(JSON.stringify(seen));
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAiPackage_EveryOperation_WorksUnchanged()
    {
        var folder = Directory.CreateTempSubdirectory("platform-openai-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "package.json"), """{"private":true,"type":"module"}""", Token);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "client.mjs"), Script, Token);
            var (installed, why) = await RunAsync(folder.FullName, "npm", "install", Package, "--no-audit", "--no-fund", "--ignore-scripts");
            Assert.SkipUnless(installed, $"npm cannot install {Package} here: {why}");
            await using var over = await GatewayOverSimulator.StartAsync(servers, Token);
            over.Simulator.Script.Then("grounded").Then("grounded").Then("grounded").Then("grounded").Then("grounded").Then("cut-mid-stream+after-2+tokens-9");

            var (worked, output) = await RunAsync(folder.FullName, "node", "client.mjs", over.Gateway.OpenAiUrl.ToString());

            Assert.True(worked, output);
            var seen = JsonElement.Parse(output);
            const string answer = "You asked: What does Delta owe? This is a simulated answer; it knows nothing beyond your words.";
            Assert.Equal($"""["{answer}","stop",true]""", seen.GetProperty("whole").GetRawText());
            Assert.Equal($"""["{answer}","stop",true]""", seen.GetProperty("streamed").GetRawText());
            Assert.Equal("balance", seen.GetProperty("tool").GetProperty("name").GetString());
            Assert.Equal("""{"customer":"text"}""", seen.GetProperty("tool").GetProperty("arguments").GetString());
            Assert.Equal("[2,256,true]", seen.GetProperty("vectors").GetRawText());
            Assert.True(seen.GetProperty("flagged").GetBoolean());
            Assert.Contains("\"primary\"", seen.GetProperty("models").GetRawText(), StringComparison.Ordinal);
            Assert.Equal("""[400,"n","invalid_request_error"]""", seen.GetProperty("refused").GetRawText());
            Assert.Equal("APIError", seen.GetProperty("broken").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(bool Worked, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(limit.Token);
                var error = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? (true, await output) : (false, await error);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (false, missing.Message);
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            return (false, "it took longer than a minute");
        }
    }
}
