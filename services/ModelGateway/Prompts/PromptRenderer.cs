using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Prompts;

/// <summary>Renders the version of a prompt that is the caller's session's.</summary>
internal sealed class PromptRenderer(PromptSelection selection, IRequestContextAccessor accessor)
{
    /// <param name="field">What stands before the names of fields in errors, e.g. "prompt.".</param>
    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND when there is no such prompt; INVALID_ARGUMENT with the variables that are missing.</exception>
    internal async Task<RenderResponse> RenderAsync(RenderRequest request, string field, CancellationToken cancellationToken)
    {
        var current = accessor.Current;
        var prompt = await selection.SelectAsync(
            current.OrganizationId, request.PromptName, current.SessionId.Length > 0 ? current.SessionId : current.UserId, cancellationToken)
            ?? throw RpcErrors.NotFound("prompt", request.PromptName);
        var missing = PromptTemplate.Variables(prompt.SystemMessage).Concat(PromptTemplate.Variables(prompt.Content))
            .Distinct(StringComparer.Ordinal)
            .Where(name => !request.Variables.ContainsKey(name))
            .ToArray();
        if (missing.Length > 0)
        {
            throw RpcErrors.InvalidArgument(missing.Select(name => ($"{field}variables.{name}", $"is needed by version {prompt.Version} of the prompt")));
        }

        var values = new Dictionary<string, string>(request.Variables, StringComparer.Ordinal);
        var response = new RenderResponse { Version = PromptVersions.Describe(prompt) };
        if (prompt.SystemMessage.Length > 0)
        {
            response.Messages.Add(new Message { Role = Role.System, Text = PromptTemplate.Render(prompt.SystemMessage, values) });
        }

        response.Messages.Add(new Message { Role = Role.User, Text = PromptTemplate.Render(prompt.Content, values) });
        return response;
    }
}
