using Microsoft.Extensions.AI;
using Platform.ModelGateway.Limits;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>One token of the model's bucket for each call.</summary>
internal sealed class LimitStage(IChatClient inner, ModelLimiter limiter, IRequestContextAccessor accessor, TimeProvider time) : BeforeCallStage(inner)
{
    protected override Task BeforeAsync(ModelCall call, CancellationToken cancellationToken) =>
        limiter.TakeAsync(call.Organization, call.LogicalModel, accessor.Current.Remaining(time), cancellationToken);
}
