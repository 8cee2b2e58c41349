using Npgsql;
using NpgsqlTypes;
using Platform.Memory.Memories;

namespace Platform.Memory.Conversations;

/// <summary>Owns app.conversations and app.interactions. Every statement is bound to one organization.</summary>
internal sealed class ConversationStore(NpgsqlDataSource database)
{
    private const string Columns = "session_id, user_id, entities, topics, last_intent, last_query, turns, pending_question, started_at, updated_at, listed";

    public async Task<StoredConversation?> FindAsync(string organization, string session, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM app.conversations WHERE organization_id = $1 AND session_id = $2");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = session });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Whether the turn of a request is part of its conversation.</summary>
    public async Task<bool> IsRecordedAsync(string organization, string request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM app.interactions WHERE organization_id = $1 AND request_id = $2)");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = request });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Sets or, with null, removes the open question; begins the conversation when it is the first thing said.</summary>
    public async Task<StoredConversation> SetPendingAsync(string organization, string session, string user, OpenQuestion? pending, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            INSERT INTO app.conversations (organization_id, session_id, user_id, pending_question, started_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5)
            ON CONFLICT (organization_id, session_id) DO UPDATE SET pending_question = excluded.pending_question, updated_at = greatest(app.conversations.updated_at, excluded.updated_at)
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = session });
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = (object?)pending?.ToJson() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = now });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Read(reader);
    }

    /// <summary>
    /// Stores a turn, its memory and the conversation's new state in one transaction; false, and nothing changed, when the
    /// request was recorded before.
    /// </summary>
    public async Task<bool> RecordAsync(string organization, Turn turn, TurnState state, StoredMemory memory, int mostEntities, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (isNew, conversation) = await InsertAsync(connection, organization, turn, memory, cancellationToken);
        if (!isNew)
        {
            // Nothing is committed: a memory that was deleted since the request was recorded does not return.
            return false;
        }

        if (conversation is not null)
        {
            await MoveOnAsync(connection, organization, conversation, turn, state, mostEntities, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Turns of a session, newest first, older than the given one.</summary>
    public async Task<List<Turn>> ListTurnsAsync(string organization, string session, DateTimeOffset before, string beforeRequest, int size, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT i.request_id, i.session_id, i.user_id, i.query, i.answer, i.intent, i.topics, i.entities, i.confidence, r.record, i.created_at
            FROM app.interactions i
            LEFT JOIN app.answer_records r ON r.organization_id = i.organization_id AND r.request_id = i.request_id
            WHERE i.organization_id = $1 AND i.session_id = $2 AND (i.created_at, i.request_id) < ($3, $4)
            ORDER BY i.created_at DESC, i.request_id DESC LIMIT $5
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = session });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = beforeRequest });
        command.Parameters.Add(new() { Value = size });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var turns = new List<Turn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            turns.Add(new Turn(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.GetFieldValue<string[]>(6), LinkedEntity.FromJson(reader.GetString(7)), reader.GetDouble(8),
                reader.IsDBNull(9) ? null : reader.GetString(9), reader.GetFieldValue<DateTimeOffset>(10)));
        }

        return turns;
    }

    /// <summary>A user's sessions with their first question, latest first, older than the given one.</summary>
    public async Task<List<(StoredConversation Conversation, string Title)>> ListAsync(
        string organization, string user, DateTimeOffset before, string beforeSession, int size, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns}, coalesce((SELECT i.query FROM app.interactions i WHERE i.organization_id = $1 AND i.session_id = c.session_id ORDER BY i.created_at LIMIT 1), '')
            FROM app.conversations c
            WHERE organization_id = $1 AND user_id = $2 AND turns > 0 AND (updated_at, session_id) < ($3, $4)
            ORDER BY updated_at DESC, session_id DESC LIMIT $5
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = beforeSession });
        command.Parameters.Add(new() { Value = size });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var conversations = new List<(StoredConversation, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            conversations.Add((Read(reader), reader.GetString(11)));
        }

        return conversations;
    }

    /// <summary>Removes a session with its turns, their records and what was remembered of them; false when there was none.</summary>
    public async Task<bool> DeleteAsync(string organization, string session, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in new[]
        {
            "DELETE FROM app.memories WHERE organization_id = $1 AND session_id = $2 AND kind = 'interaction'",
            "DELETE FROM app.answer_records WHERE organization_id = $1 AND session_id = $2",
            "DELETE FROM app.interactions WHERE organization_id = $1 AND session_id = $2",
            "DELETE FROM app.conversations WHERE organization_id = $1 AND session_id = $2",
        })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement) { Parameters = { new() { Value = organization }, new() { Value = session } } });
        }

        // One batch is one transaction.
        return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Turn, memory and the beginning of a conversation, in one round trip; whether the turn is new, and its conversation as it was, locked.</summary>
    private static async Task<(bool IsNew, StoredConversation? Conversation)> InsertAsync(
        NpgsqlConnection connection, string organization, Turn turn, StoredMemory memory, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { InsertTurn(organization, turn), MemoryStore.Insert(organization, memory, $"interaction:{turn.RequestId}") } };
        if (turn.SessionId.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                INSERT INTO app.conversations (organization_id, session_id, user_id, started_at, updated_at)
                VALUES ($1, $2, $3, $4, $4) ON CONFLICT (organization_id, session_id) DO NOTHING
                """)
            {
                Parameters = { new() { Value = organization }, new() { Value = turn.SessionId }, new() { Value = turn.UserId }, new() { Value = turn.At } },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {Columns} FROM app.conversations WHERE organization_id = $1 AND session_id = $2 FOR UPDATE")
            {
                Parameters = { new() { Value = organization }, new() { Value = turn.SessionId } },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var conversation = await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
        await reader.CloseAsync();
        return (batch.BatchCommands[0].RecordsAffected > 0, conversation);
    }

    private static NpgsqlBatchCommand InsertTurn(string organization, Turn turn) => new("""
        INSERT INTO app.interactions (organization_id, request_id, session_id, user_id, query, answer, intent, topics, entities, confidence, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (organization_id, request_id) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = organization },
            new() { Value = turn.RequestId },
            new() { Value = turn.SessionId },
            new() { Value = turn.UserId },
            new() { Value = turn.Query },
            new() { Value = turn.Answer },
            new() { Value = turn.Intent },
            new() { Value = turn.Topics.ToArray() },
            new() { Value = LinkedEntity.ToJson(turn.Entities), NpgsqlDbType = NpgsqlDbType.Jsonb },
            new() { Value = turn.Confidence },
            new() { Value = turn.At },
        },
    };

    private static async Task MoveOnAsync(
        NpgsqlConnection connection, string organization, StoredConversation current, Turn turn, TurnState state, int mostEntities, CancellationToken cancellationToken)
    {
        // Events may arrive out of order: an older turn adds what it knows but does not become the latest.
        var isLatest = current.Turns == 0 || turn.At >= current.UpdatedAt || current.LastQuery.Length == 0;
        var isTakenUp = isLatest && (current.LastQuery.Length == 0 || !TurnState.IsAside(turn.Intent));
        var entities = isLatest ? LinkedEntity.Merge(turn.Entities, current.Entities, mostEntities) : LinkedEntity.Merge(current.Entities, turn.Entities, mostEntities);
        var topics = (isLatest ? turn.Topics.Concat(current.Topics) : current.Topics.Concat(turn.Topics)).Distinct(StringComparer.Ordinal).Take(mostEntities).ToArray();
        await using var update = new NpgsqlCommand("""
            UPDATE app.conversations
            SET entities = $3, topics = $4, last_intent = $5, last_query = $6, turns = turns + 1,
                started_at = least(started_at, $7), updated_at = greatest(updated_at, $7), listed = $8
            WHERE organization_id = $1 AND session_id = $2
            """, connection);
        update.Parameters.Add(new() { Value = organization });
        update.Parameters.Add(new() { Value = turn.SessionId });
        update.Parameters.Add(new() { Value = LinkedEntity.ToJson(entities), NpgsqlDbType = NpgsqlDbType.Jsonb });
        update.Parameters.Add(new() { Value = topics });
        update.Parameters.Add(new() { Value = isTakenUp ? turn.Intent : current.LastIntent });
        update.Parameters.Add(new() { Value = isTakenUp ? state.Question : current.LastQuery });
        update.Parameters.Add(new() { Value = turn.At });
        update.Parameters.Add(new() { Value = LinkedEntity.ToJson(isLatest ? state.ListedAfter(current.Listed) : current.Listed), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private static StoredConversation Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), LinkedEntity.FromJson(reader.GetString(2)), reader.GetFieldValue<string[]>(3), reader.GetString(4), reader.GetString(5),
        reader.GetInt64(6), reader.IsDBNull(7) ? null : OpenQuestion.FromJson(reader.GetString(7)), reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<DateTimeOffset>(9),
        LinkedEntity.FromJson(reader.GetString(10)));
}
