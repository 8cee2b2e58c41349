using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Prompts;

/// <summary>The contract's PromptsService.</summary>
internal sealed partial class PromptsGrpcService(
    PromptStore store, PromptRenderer renderer, PromptPerformanceStore performance, PromptComparer comparer, IRequestContextAccessor accessor)
    : PromptsService.PromptsServiceBase
{
    private const int LongestContent = 100_000;
    private const int LongestComment = 2_000;
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    public override async Task<PromptVersion> CreateVersion(CreateVersionRequest request, ServerCallContext context)
    {
        var given = request.Version ?? new PromptVersion();
        Validate(given);
        var created = await store.CreateAsync(
            accessor.Current.OrganizationId,
            new Prompt
            {
                Name = given.PromptName,
                Version = 0,
                Content = given.Content,
                SystemMessage = given.SystemMessage,
                Temperature = given.HasTemperature ? given.Temperature : null,
                MaximumTokens = given.MaxTokens > 0 ? given.MaxTokens : null,
                Model = given.Model,
                Tags = [.. given.Tags],
                CreatedBy = accessor.Current.UserId,
            },
            context.CancellationToken);
        return PromptVersions.Describe(created);
    }

    public override async Task<PromptVersion> ActivateVersion(ActivateVersionRequest request, ServerCallContext context)
    {
        if (request.HasAbTestWeight && !(request.AbTestWeight is > 0 and <= 1))
        {
            throw RpcErrors.InvalidArgument("ab_test_weight", "must be more than 0 and at most 1");
        }

        var activated = await store.ActivateAsync(
            accessor.Current.OrganizationId, request.PromptName, request.Version,
            request.HasAbTestWeight && request.AbTestWeight < 1 ? request.AbTestWeight : null, accessor.Current.UserId, context.CancellationToken);
        return PromptVersions.Describe(activated ?? throw Missing(request.PromptName, request.Version));
    }

    public override async Task<PromptVersion> DeactivateVersion(DeactivateVersionRequest request, ServerCallContext context) =>
        PromptVersions.Describe(await store.DeactivateAsync(accessor.Current.OrganizationId, request.PromptName, request.Version, accessor.Current.UserId, context.CancellationToken)
            ?? throw Missing(request.PromptName, request.Version));

    public override async Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context)
    {
        var size = request.Page?.Size is > 0 and var wanted ? Math.Min(wanted, LargestPage) : DefaultPage;
        var before = int.MaxValue;
        if (request.Page?.Token is { Length: > 0 } token && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw RpcErrors.InvalidArgument("page.token", "must be a token of the page before");
        }

        var versions = await store.ListAsync(accessor.Current.OrganizationId, request.PromptName, before, size + 1, context.CancellationToken);
        var response = new ListVersionsResponse { Page = new PageResponse() };
        response.Versions.AddRange(versions.Take(size).Select(PromptVersions.Describe));
        if (versions.Count > size)
        {
            response.Page.NextToken = versions[size - 1].Version.ToString(CultureInfo.InvariantCulture);
        }
        else if (BuiltInPrompts.All.GetValueOrDefault(request.PromptName) is { } builtIn)
        {
            response.Versions.Add(PromptVersions.Describe(builtIn));
        }

        return response;
    }

    public override Task<RenderResponse> Render(RenderRequest request, ServerCallContext context) => renderer.RenderAsync(request, "", context.CancellationToken);

    public override async Task<RollBackResponse> RollBack(RollBackRequest request, ServerCallContext context)
    {
        var active = await store.RollBackAsync(accessor.Current.OrganizationId, request.PromptName, accessor.Current.UserId, context.CancellationToken)
            ?? throw RpcErrors.FailedPrecondition("NOTHING_TO_ROLL_BACK", $"Nothing was changed before in the prompt \"{request.PromptName}\".");
        var response = new RollBackResponse();
        response.Active.AddRange(active.Select(PromptVersions.Describe));
        return response;
    }

    public override async Task<RecordFeedbackResponse> RecordFeedback(RecordFeedbackRequest request, ServerCallContext context)
    {
        var problems = new List<(string, string)>();
        if (!(request.Score is >= 0 and <= 5))
        {
            problems.Add(("score", "must be 0 to 5"));
        }

        if (request.RequestId.Length is 0 or > 128)
        {
            problems.Add(("request_id", "must have 1 to 128 characters"));
        }

        if (request.Comment.Length > LongestComment || request.Comment.Contains('\0', StringComparison.Ordinal))
        {
            problems.Add(("comment", $"must have at most {LongestComment} characters, none of them NUL"));
        }

        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }

        var current = accessor.Current;
        return await performance.AddFeedbackAsync(
            current.OrganizationId, current.UserId, request.PromptName, request.Version, request.RequestId, request.Score, request.Comment, context.CancellationToken)
            ? new RecordFeedbackResponse()
            : throw Missing(request.PromptName, request.Version);
    }

    public override Task<CompareResponse> Compare(CompareRequest request, ServerCallContext context)
    {
        var (from, until) = Periods.Read(request.Period);
        return comparer.CompareAsync(accessor.Current.OrganizationId, request.PromptName, from, until, context.CancellationToken);
    }

    private static RpcException Missing(string name, int version) => RpcErrors.NotFound("prompt version", $"{name} {version}");

    private static void Validate(PromptVersion version)
    {
        var problems = new List<(string, string)>();
        if (!PromptName().IsMatch(version.PromptName))
        {
            problems.Add(("version.prompt_name", "must be 1 to 64 of a-z, 0-9 and _"));
        }

        if (version.Content.Length is 0 or > LongestContent)
        {
            problems.Add(("version.content", $"must have 1 to {LongestContent} characters"));
        }

        if (version.SystemMessage.Length > LongestContent)
        {
            problems.Add(("version.system_message", $"must have at most {LongestContent} characters"));
        }

        if (version.HasTemperature && !(version.Temperature is >= 0 and <= 2))
        {
            problems.Add(("version.temperature", "must be 0 to 2"));
        }

        if (version.MaxTokens < 0)
        {
            problems.Add(("version.max_tokens", "must be 0 or more"));
        }

        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }
    }

    [GeneratedRegex("^[a-z0-9_]{1,64}$")]
    private static partial Regex PromptName();
}
