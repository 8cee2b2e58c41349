namespace Platform.DataQuestions.Datasets;

internal static class DatasetRegistration
{
    /// <summary>Loads the definitions at once, so that a broken one stops the start.</summary>
    public static IHostApplicationBuilder AddDatasets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(DatasetCatalog.Load(Path.Combine(AppContext.BaseDirectory, "datasets")));
        return builder;
    }
}
