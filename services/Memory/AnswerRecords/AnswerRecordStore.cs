using Google.Protobuf.WellKnownTypes;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Memory.V1;
using Platform.Memory.Conversations;

namespace Platform.Memory.AnswerRecords;

/// <summary>Owns app.answer_records. Every statement is bound to one organization, and what a user reads to that user.</summary>
internal sealed class AnswerRecordStore(NpgsqlDataSource database)
{
    public async Task<bool> ExistsAsync(string organization, string request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM app.answer_records WHERE organization_id = $1 AND request_id = $2)");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = request });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Keeps the record of a turn; a repeat changes nothing, nor does a turn that was deleted meanwhile.</summary>
    public async Task AddAsync(string organization, Turn turn, string recordJson, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO app.answer_records (organization_id, request_id, session_id, user_id, record, created_at)
            SELECT $1, $2, $3, $4, $5, $6
            WHERE EXISTS (SELECT FROM app.interactions WHERE organization_id = $1 AND request_id = $2)
            ON CONFLICT (organization_id, request_id) DO NOTHING
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = turn.RequestId });
        command.Parameters.Add(new() { Value = turn.SessionId });
        command.Parameters.Add(new() { Value = turn.UserId });
        command.Parameters.Add(new() { Value = recordJson, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = turn.At });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The record of an answer that was given to this user, with the question as asked.</summary>
    public async Task<AnswerRecord?> FindAsync(string organization, string user, string request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT r.session_id, r.created_at, i.query, r.record, r.feedback, r.feedback_comment, r.feedback_at, i.answer
            FROM app.answer_records r
            JOIN app.interactions i ON i.organization_id = r.organization_id AND i.request_id = r.request_id
            WHERE r.organization_id = $1 AND r.user_id = $2 AND r.request_id = $3
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = request });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        return new AnswerRecord
        {
            RequestId = request,
            SessionId = reader.GetString(0),
            At = Timestamp.FromDateTimeOffset(reader.GetFieldValue<DateTimeOffset>(1)),
            Query = reader.GetString(2),
            Answer = reader.GetString(7),
            RecordJson = reader.GetString(3),
            Feedback = reader.IsDBNull(4) ? null : new Feedback
            {
                Verdict = reader.GetString(4) == "up" ? Verdict.Up : Verdict.Down,
                Comment = reader.GetString(5),
                GivenAt = Timestamp.FromDateTimeOffset(reader.GetFieldValue<DateTimeOffset>(6)),
            },
        };
    }

    /// <summary>Keeps the user's last word on an answer they were given; false when there is no such answer.</summary>
    public async Task<bool> SetFeedbackAsync(string organization, string user, string request, Feedback feedback, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE app.answer_records SET feedback = $4, feedback_comment = $5, feedback_at = $6
            WHERE organization_id = $1 AND user_id = $2 AND request_id = $3
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = request });
        command.Parameters.Add(new() { Value = feedback.Verdict == Verdict.Up ? "up" : "down" });
        command.Parameters.Add(new() { Value = feedback.Comment });
        command.Parameters.Add(new() { Value = feedback.GivenAt.ToDateTimeOffset() });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Removes at most so many records that are older; how many it were.</summary>
    public async Task<int> DeleteOlderAsync(DateTimeOffset than, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            DELETE FROM app.answer_records WHERE (organization_id, request_id) IN (
                SELECT organization_id, request_id FROM app.answer_records WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """);
        command.Parameters.Add(new() { Value = than });
        command.Parameters.Add(new() { Value = most });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
