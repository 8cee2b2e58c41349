using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Suggestions;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Resolution;

internal static class EntityResolutionExtensions
{
    /// <summary>Mentions, the registry of names and what refreshes it.</summary>
    public static void AddEntityResolution(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<ResolutionOptions>("entityResolution");
        builder.Services.AddSingleton<EntityResolutionMetrics>();
        builder.Services.AddSingleton<RegistryStore>();
        builder.Services.AddSingleton<NamesReader>();
        builder.Services.AddSingleton<RegistryCache>();
        builder.Services.AddSingleton<RegistryChanges>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RegistryChanges>());
        builder.Services.AddHostedService<RegistryRefresh>();
        builder.Services.AddHealthChecks().AddCheck<RegistryHealthCheck>("registry");
        builder.Services.AddSingleton<EntityResolver>();
    }

    /// <summary>Other names of entities, and how often they are used.</summary>
    public static void AddAliases(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AliasStore>();
        builder.Services.AddSingleton<Aliasing>();
        builder.Services.AddSingleton<AliasUse>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AliasUse>());
    }

    /// <summary>Settling of disambiguations, and completion while typing.</summary>
    public static void AddChoicesAndSuggestions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Choosing>();
        builder.Services.AddSingleton<Suggesting>();
    }
}
