namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Why a request is not served, in OpenAI's terms.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's class of error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Code">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Parameter">The field that is wrong.</param>
/// <param name="RetryAfter">When another attempt makes sense; without it none does right away.</param>
internal sealed record EndpointRefusal(int Status, string Type, string? Code, string Message, string? Parameter = null, TimeSpan? RetryAfter = null)
{
    internal static EndpointRefusal Invalid(string parameter, string message, string? code = "invalid_value") =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", code, message, parameter);
}

/// <summary>Ends the handling of a request.</summary>
internal sealed class EndpointRefusedException(EndpointRefusal refusal) : Exception(refusal.Message)
{
    internal EndpointRefusal Refusal { get; } = refusal;

    internal static EndpointRefusedException Invalid(string parameter, string message, string? code = "invalid_value") =>
        new(EndpointRefusal.Invalid(parameter, message, code));
}
