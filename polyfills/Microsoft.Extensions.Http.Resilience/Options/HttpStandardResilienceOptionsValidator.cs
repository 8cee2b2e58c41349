using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Checks each strategy's own ranges, and that the limits fit each other. All errors are reported at once.</summary>
internal sealed class HttpStandardResilienceOptionsValidator : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
    {
        List<string> errors = [];
        Check(nameof(options.RateLimiter), options.RateLimiter, errors);
        Check(nameof(options.TotalRequestTimeout), options.TotalRequestTimeout, errors);
        Check(nameof(options.Retry), options.Retry, errors);
        Check(nameof(options.CircuitBreaker), options.CircuitBreaker, errors);
        Check(nameof(options.AttemptTimeout), options.AttemptTimeout, errors);

        if (options is { AttemptTimeout.Timeout: var attempt, TotalRequestTimeout.Timeout: var total } && attempt > total)
        {
            errors.Add($"{nameof(options.TotalRequestTimeout)} ({total.TotalSeconds} s) must not be shorter than {nameof(options.AttemptTimeout)} ({attempt.TotalSeconds} s).");
        }

        if (options is { AttemptTimeout.Timeout: var limit, CircuitBreaker.SamplingDuration: var sampling } && sampling < 2 * limit)
        {
            errors.Add($"{nameof(options.CircuitBreaker)}.{nameof(options.CircuitBreaker.SamplingDuration)} ({sampling.TotalSeconds} s) must be at least twice {nameof(options.AttemptTimeout)} ({limit.TotalSeconds} s).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Check(string member, object? strategy, List<string> errors)
    {
        if (strategy is null)
        {
            errors.Add($"{member} must not be null.");
            return;
        }

        List<ValidationResult> results = [];
        Validator.TryValidateObject(strategy, new ValidationContext(strategy), results, validateAllProperties: true);
        errors.AddRange(results.Select(result => $"{member}: {result.ErrorMessage}"));
    }
}
