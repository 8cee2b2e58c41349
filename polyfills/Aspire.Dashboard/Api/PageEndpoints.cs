using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Aspire.Dashboard.Api;

/// <summary>The page's files, out of this assembly.</summary>
internal static class PageEndpoints
{
    private const string Folder = "wwwroot/";

    private static readonly FrozenDictionary<string, PageFile> Files = Read();

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{**path}", (string? path) =>
            Files.TryGetValue(path is null or "" ? "index.html" : path == "favicon.ico" ? "icon.svg" : path, out var file)
                ? Results.File(file.Content, file.ContentType, entityTag: file.Tag)
                : Results.NotFound());
    }

    private static FrozenDictionary<string, PageFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], name => Load(assembly, name), StringComparer.Ordinal);
    }

    private static PageFile Load(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        return new PageFile(content, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }

    private sealed record PageFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
