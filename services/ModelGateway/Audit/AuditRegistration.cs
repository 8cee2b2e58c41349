using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Audit;

internal static class AuditRegistration
{
    internal static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => AuditKey.Find(services.GetRequiredService<ProviderKeys>()));
        builder.Services.AddSingleton<AuditStore>();
        builder.Services.AddSingleton<AuditCheckpoints>();
        builder.Services.AddSingleton<AuditDetails>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<GuardedTexts>();
        builder.Services.AddSingleton<SpanContent>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AuditLog>());
        builder.Services.AddHostedService<AuditWatch>();
    }
}
