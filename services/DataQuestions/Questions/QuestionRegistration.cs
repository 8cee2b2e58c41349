using Platform.ServiceDefaults;

namespace Platform.DataQuestions.Questions;

internal static class QuestionRegistration
{
    public static IHostApplicationBuilder AddQuestions(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<QuestionOptions>(QuestionOptions.Section);
        builder.Services.AddSingleton<StatementRunner>();
        builder.Services.AddSingleton<DimensionValues>();
        builder.Services.AddSingleton<QuestionAnswerer>();
        return builder;
    }
}
