using Microsoft.Playwright;
using Xunit;

namespace Platform.Testing;

/// <summary>The browser in which pages are tested; a test is skipped with a sentence where it is not installed.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    internal IBrowser Browser { get; }

    internal static async Task<Chromium> LaunchAsync()
    {
        Assert.SkipUnless(File.Exists(Program), $"The page is tested in Chromium, which is not at {Program}: apt-get install chromium.");
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
