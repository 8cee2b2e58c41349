using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Limits;

/// <summary>Section <c>modelGateway:limits</c>: how the buckets of <c>modelGateway:models</c> are shared by all instances.</summary>
internal sealed class LimitOptions
{
    /// <summary>Begin of the keys of limits and budgets in Redis: installations that share one need different ones.</summary>
    [RegularExpression("^[A-Za-z0-9:_-]{1,100}$")]
    public string KeyPrefix { get; set; } = "platform";

    /// <summary>Longest wait for Redis, 250 ms, before this instance decides alone with its share.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:10")]
    public TimeSpan SharedTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long Redis is left alone after it could not be reached, 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SharedCoolDown { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Instances among which a limit is divided while Redis is away; 0: as many as Redis last counted.</summary>
    [Range(0, 1000)]
    public int Replicas { get; set; }
}
