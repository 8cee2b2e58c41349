using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Datasets;
using Platform.ServiceDefaults;

namespace Platform.DataQuestions.Questions;

internal sealed class QuestionsGrpcService(QuestionAnswerer answerer, DatasetCatalog datasets, IRequestContextAccessor requestContext) : DataQuestionsService.DataQuestionsServiceBase
{
    private const int MaxQuestionLength = 4000;
    private const int MaxRows = 1000;

    public override Task<AskResponse> Ask(AskRequest request, ServerCallContext context) =>
        AskAsync(request, _ => Task.CompletedTask, context.CancellationToken);

    public override async Task AskStream(AskRequest request, IServerStreamWriter<AskEvent> responseStream, ServerCallContext context)
    {
        var response = await AskAsync(request, step => responseStream.WriteAsync(new AskEvent { Step = step }, context.CancellationToken), context.CancellationToken);
        await responseStream.WriteAsync(new AskEvent { Completed = response }, context.CancellationToken);
    }

    public override Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context)
    {
        var response = new ListDatasetsResponse();
        response.Datasets.Add(datasets.All.Select(definition =>
        {
            var dataset = new Dataset { Name = definition.Name, Title = definition.Title };
            dataset.Tables.Add(definition.Tables);
            dataset.ExampleQuestions.Add(definition.ExampleQuestions);
            return dataset;
        }));
        return Task.FromResult(response);
    }

    public override Task<CheckStatementResponse> CheckStatement(CheckStatementRequest request, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "Statements written by others are not run yet: the guard that checks them is not there. Questions are answered by templates."));

    private async Task<AskResponse> AskAsync(AskRequest request, Func<string, Task> report, CancellationToken cancellationToken)
    {
        List<(string, string)> errors = [];
        if (string.IsNullOrWhiteSpace(request.Question) || request.Question.Length > MaxQuestionLength)
        {
            errors.Add(("question", $"1 to {MaxQuestionLength} characters"));
        }

        if (request.MaxRows is < 0 or > MaxRows)
        {
            errors.Add(("max_rows", $"0 to {MaxRows}"));
        }

        if (errors.Count > 0)
        {
            throw RpcErrors.InvalidArgument(errors);
        }

        var dataset = datasets.Find(request.Dataset) ?? throw RpcErrors.NotFound("dataset", request.Dataset);
        var customers = request.Entities.Where(entity => entity.Type == EntityType.Customer).Select(entity => (entity.Id, entity.Name)).Distinct().ToList();
        return await answerer.AskAsync(dataset, requestContext.Current.OrganizationId, request.Question, customers, request.MaxRows, report, cancellationToken);
    }
}
