using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>Typed options of a section of <c>platform.yaml</c>.</summary>
public static class PlatformOptionsExtensions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to <paramref name="section"/> ("section" or "section:sub"). Unknown keys, values of
    /// the wrong type and broken annotations stop the start with an <see cref="OptionsValidationException"/> that names key,
    /// value and what is allowed; after the start they leave the last good values in place. Inject
    /// <see cref="IOptionsMonitor{TOptions}"/>. Add an <see cref="IValidateOptions{TOptions}"/> for rules across properties.
    /// </summary>
    public static OptionsBuilder<TOptions> AddPlatformOptions<TOptions>(this IHostApplicationBuilder builder, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(section);
        builder.Services.TryAddSingleton<ConfigurationReport>();
        builder.Services.TryAddSingleton<IOptionsMonitor<TOptions>, LastGoodOptionsMonitor<TOptions>>();
        builder.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(services =>
            new ConfigurationChangeTokenSource<TOptions>(Options.DefaultName, services.GetRequiredService<IConfiguration>()));
        return builder.Services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section)))
            .ValidateAnnotations(section)
            .ValidateOnStart();
    }

    private static void Bind<TOptions>(TOptions options, IConfigurationSection section)
        where TOptions : class
    {
        var problems = OptionsCheck.BeforeBinding(typeof(TOptions), section);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(TOptions), problems);
        }

        section.Bind(options);
    }

    private static OptionsBuilder<TOptions> ValidateAnnotations<TOptions>(this OptionsBuilder<TOptions> options, string section)
        where TOptions : class
    {
        options.Services.AddSingleton<IValidateOptions<TOptions>>(new Annotations<TOptions>(section));
        return options;
    }

    private sealed class Annotations<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var problems = OptionsCheck.AfterBinding(options, section);
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
