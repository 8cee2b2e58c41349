using Microsoft.Extensions.Options;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety.Patterns;
using Platform.ModelGateway.Safety.Words;

namespace Platform.ModelGateway.Safety;

internal static class SafetyRegistration
{
    /// <summary>The screen of what leaves, and the log of what left.</summary>
    internal static void AddSafety(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ModelGatewayOptions>, SafetyOptionsValidator>();
        builder.Services.AddSingleton<IPiiRecognizer, NumberRecognizer>();
        builder.Services.AddSingleton<IPiiRecognizer, NetworkRecognizer>();
        builder.Services.AddSingleton<IPiiRecognizer, SecretRecognizer>();
        builder.Services.AddSingleton<IPiiRecognizer, WordRecognizer>();
        builder.Services.AddSingleton<PiiDetector>();
        builder.Services.AddSingleton<SafetyScreen>();
        builder.AddAudit();
    }
}
