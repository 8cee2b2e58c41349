using System.Diagnostics.Metrics;

namespace Platform.DataQuestions;

internal sealed class DataQuestionsMetrics
{
    public const string MeterName = "Platform.DataQuestions";

    private readonly Histogram<double> factsDuration;
    private readonly Counter<long> factsFailed;
    private readonly Histogram<double> questionDuration;

    public DataQuestionsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        factsDuration = meter.CreateHistogram<double>("platform.facts.duration", "s", "Time to answer a request for facts; result is cached, fresh, stale or failed. Labels: result.");
        factsFailed = meter.CreateCounter<long>("platform.facts.failed_kinds", "{kind}", "Facts whose statement failed. Labels: kind.");
        questionDuration = meter.CreateHistogram<double>("platform.data_questions.duration", "s", "Time to answer a data question; outcome is answered or the code of the refusal. Labels: outcome.");
    }

    public void FactsRead(string result, TimeSpan elapsed) => factsDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("result", result));

    public void FactFailed(string kind) => factsFailed.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void QuestionAsked(string outcome, TimeSpan elapsed) => questionDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
