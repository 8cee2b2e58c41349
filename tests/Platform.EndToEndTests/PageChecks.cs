namespace Platform.EndToEndTests;

/// <summary>What every page must hold, as scripts that return what breaks it.</summary>
internal static class PageChecks
{
    /// <summary>Visible controls that assistive technology could not name.</summary>
    public const string Unlabelled = """
        () => [...document.querySelectorAll("button, input, textarea, select, meter, a, [role=region], [role=img]")]
          .filter(control => control.checkVisibility())
          .filter(control => !(control.textContent.trim() || control.getAttribute("aria-label") || control.labels?.length))
          .map(control => control.outerHTML.slice(0, 120))
        """;

    /// <summary>Visible text with less than 4.5 : 1 between ink and ground (WCAG 2.2, 1.4.3).</summary>
    public const string LowContrast = """
        () => {
          const parts = color => color.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = part => {
            for (let at = part; at; at = at.parentElement) {
              const color = parts(getComputedStyle(at).backgroundColor);
              if (color.length < 4 || color[3] > 0.99) {
                return color;
              }
            }
            return [255, 255, 255];
          };
          const low = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const part = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !part.checkVisibility() || part.closest(":disabled")) {
              continue;
            }
            const [ink, back] = [luminance(parts(getComputedStyle(part).color)), luminance(ground(part))];
            const contrast = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
            if (contrast < 4.5) {
              low.push(`${contrast.toFixed(2)} ${part.className || part.tagName}: ${walker.currentNode.data.trim().slice(0, 40)}`);
            }
          }
          return low;
        }
        """;
}
