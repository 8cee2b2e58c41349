-- What the services keep. Each table has one owning service, named in its comment, and every row an organization.
CREATE SCHEMA IF NOT EXISTS app;

CREATE TABLE app.organizations (
    organization_id  text        PRIMARY KEY,
    name             text        NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE app.organizations IS 'owner: Migrations';
INSERT INTO app.organizations (organization_id, name) VALUES ('default', 'Default organization');

CREATE TABLE app.entity_aliases (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id  text        NOT NULL,
    alias            text        NOT NULL,
    alias_key        text        NOT NULL,
    entity_type      text        NOT NULL,
    entity_id        text        NOT NULL,
    origin           text        NOT NULL CHECK (origin IN ('manual', 'choice', 'import')),
    created_by       text        NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    times_used       bigint      NOT NULL DEFAULT 0,
    UNIQUE (organization_id, alias_key)
);
COMMENT ON TABLE app.entity_aliases IS 'owner: EntityResolution; alias_key is the alias after normalisation';

CREATE TABLE app.customer_patterns (
    organization_id  text             NOT NULL,
    customer_id      text             NOT NULL,
    pattern_type     text             NOT NULL,
    confidence       double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    significance     double precision NOT NULL CHECK (significance BETWEEN 0 AND 1),
    insight          text             NOT NULL,
    data             jsonb            NOT NULL,
    recommendation   text             NOT NULL,
    data_version     text             NOT NULL,
    schema_version   integer          NOT NULL,
    checksum         bytea            NOT NULL,
    computed_at      timestamptz      NOT NULL,
    PRIMARY KEY (organization_id, customer_id, pattern_type)
);
COMMENT ON TABLE app.customer_patterns IS 'owner: PatternAnalysis; the row of type "_outcomes" holds what each detector did';

CREATE TABLE app.memories (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id  text        NOT NULL,
    user_id          text        NOT NULL,
    session_id       text,
    collection       text        NOT NULL DEFAULT 'default',
    kind             text        NOT NULL,
    text             text        NOT NULL,
    entity_links     text[]      NOT NULL DEFAULT '{}',
    entities         jsonb       NOT NULL DEFAULT '[]',
    importance       real        NOT NULL DEFAULT 0.5 CHECK (importance BETWEEN 0 AND 1),
    metadata         jsonb       NOT NULL DEFAULT '{}',
    embedding        real[],
    encoder          text,
    idempotency_key  text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz,
    UNIQUE (organization_id, idempotency_key)
);
COMMENT ON TABLE app.memories IS 'owner: Memory; entity_links holds "customer:<id>" and the like';

CREATE TABLE app.conversations (
    organization_id   text        NOT NULL,
    session_id        text        NOT NULL,
    user_id           text        NOT NULL,
    entities          jsonb       NOT NULL DEFAULT '[]',
    topics            text[]      NOT NULL DEFAULT '{}',
    last_intent       text        NOT NULL DEFAULT '',
    last_query        text        NOT NULL DEFAULT '',
    turns             bigint      NOT NULL DEFAULT 0,
    pending_question  jsonb,
    started_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, session_id)
);
COMMENT ON TABLE app.conversations IS 'owner: Memory';

CREATE TABLE app.interactions (
    organization_id  text             NOT NULL,
    request_id       text             NOT NULL,
    session_id       text             NOT NULL,
    user_id          text             NOT NULL,
    query            text             NOT NULL,
    answer           text             NOT NULL,
    intent           text             NOT NULL,
    topics           text[]           NOT NULL DEFAULT '{}',
    entities         jsonb            NOT NULL DEFAULT '[]',
    confidence       double precision NOT NULL,
    record           jsonb,
    created_at       timestamptz      NOT NULL,
    PRIMARY KEY (organization_id, request_id)
);
COMMENT ON TABLE app.interactions IS 'owner: Memory; one row for each answered question, so that a repeated event has one effect';

CREATE TABLE app.documents (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id  text        NOT NULL,
    entity_type      text        NOT NULL,
    entity_id        text        NOT NULL,
    file_name        text        NOT NULL,
    media_type       text        NOT NULL,
    size_bytes       bigint      NOT NULL,
    state            text        NOT NULL,
    reason           text        NOT NULL DEFAULT '',
    storage_key      text        NOT NULL,
    idempotency_key  text,
    created_by       text        NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, idempotency_key)
);
COMMENT ON TABLE app.documents IS 'owner: Memory';

CREATE TABLE app.question_cache (
    organization_id  text             NOT NULL,
    dataset          text             NOT NULL,
    question_key     text             NOT NULL,
    question         text             NOT NULL,
    sql              text             NOT NULL,
    parameters       jsonb            NOT NULL DEFAULT '{}',
    confidence       double precision NOT NULL,
    created_at       timestamptz      NOT NULL DEFAULT now(),
    used_at          timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, dataset, question_key)
);
COMMENT ON TABLE app.question_cache IS 'owner: DataQuestions';

CREATE TABLE app.prompt_versions (
    id               uuid           PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id  text           NOT NULL,
    prompt_name      text           NOT NULL,
    version          integer        NOT NULL CHECK (version > 0),
    content          text           NOT NULL,
    system_message   text,
    temperature      numeric(3, 2)  CHECK (temperature BETWEEN 0 AND 2),
    max_tokens       integer        CHECK (max_tokens > 0),
    model            text,
    tags             text[]         NOT NULL DEFAULT '{}',
    is_active        boolean        NOT NULL DEFAULT false,
    ab_test_weight   numeric(3, 2)  CHECK (ab_test_weight IS NULL OR ab_test_weight BETWEEN 0 AND 1),
    metadata         jsonb          NOT NULL DEFAULT '{}',
    created_by       text           NOT NULL,
    created_at       timestamptz    NOT NULL DEFAULT now(),
    activated_at     timestamptz,
    deactivated_at   timestamptz,
    UNIQUE (organization_id, prompt_name, version),
    CHECK (NOT (is_active AND deactivated_at IS NOT NULL))
);
COMMENT ON TABLE app.prompt_versions IS 'owner: ModelGateway';

CREATE TABLE app.prompt_performance (
    id                        uuid           PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id           text           NOT NULL,
    prompt_version_id         uuid           NOT NULL REFERENCES app.prompt_versions (id),
    execution_count           bigint         NOT NULL DEFAULT 0,
    success_count             bigint         NOT NULL DEFAULT 0,
    failure_count             bigint         NOT NULL DEFAULT 0,
    avg_latency_ms            integer,
    avg_tokens_used           integer,
    avg_cost_usd              numeric(10, 6),
    user_feedback_score       numeric(3, 2)  CHECK (user_feedback_score BETWEEN 0 AND 5),
    metadata                  jsonb          NOT NULL DEFAULT '{}',
    measurement_period_start  timestamptz    NOT NULL,
    measurement_period_end    timestamptz    NOT NULL,
    created_at                timestamptz    NOT NULL DEFAULT now(),
    UNIQUE (prompt_version_id, measurement_period_start),
    CHECK (success_count + failure_count = execution_count)
);
COMMENT ON TABLE app.prompt_performance IS 'owner: ModelGateway';

CREATE TABLE app.usage (
    id               bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id  text           NOT NULL,
    call_id          text           NOT NULL,
    request_id       text           NOT NULL,
    operation        text           NOT NULL,
    provider         text           NOT NULL,
    model            text           NOT NULL,
    prompt_name      text,
    prompt_version   integer,
    input_tokens     bigint         NOT NULL,
    output_tokens    bigint         NOT NULL,
    cached_tokens    bigint         NOT NULL DEFAULT 0,
    reasoning_tokens bigint         NOT NULL DEFAULT 0,
    cost             numeric(18, 9) NOT NULL,
    currency         char(3)        NOT NULL,
    price_version    text           NOT NULL,
    outcome          text           NOT NULL,
    duration_ms      integer        NOT NULL,
    created_at       timestamptz    NOT NULL DEFAULT now(),
    UNIQUE (organization_id, call_id)
);
COMMENT ON TABLE app.usage IS 'owner: ModelGateway; one row for each call, exactly once';

CREATE TABLE app.audit (
    shard            integer     NOT NULL,
    sequence         bigint      NOT NULL,
    organization_id  text        NOT NULL,
    request_id       text        NOT NULL,
    user_id          text        NOT NULL,
    action           text        NOT NULL,
    detail           jsonb       NOT NULL,
    previous_hash    bytea       NOT NULL,
    hash             bytea       NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (shard, sequence)
);
COMMENT ON TABLE app.audit IS 'owner: ModelGateway; each row hashes the one before it in its shard';

CREATE TABLE app.feedback (
    organization_id  text        NOT NULL,
    request_id       text        NOT NULL,
    user_id          text        NOT NULL,
    rating           smallint    NOT NULL CHECK (rating BETWEEN -1 AND 1),
    comment          text        NOT NULL DEFAULT '',
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, request_id, user_id)
);
COMMENT ON TABLE app.feedback IS 'owner: Memory';

CREATE TABLE app.change_events (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id  text        NOT NULL,
    table_name       text        NOT NULL,
    customer_id      text        NOT NULL,
    transaction_id   xid8        NOT NULL DEFAULT pg_current_xact_id(),
    changed_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE app.change_events IS 'owner: PatternAnalysis; written by triggers on domain tables, read after a missed notification; customer_id "*" means every customer';

CREATE TABLE app.sample_data (
    organization_id  text        PRIMARY KEY,
    generator        integer     NOT NULL,
    seed             bigint      NOT NULL,
    day              date        NOT NULL,
    customers        integer     NOT NULL,
    sales_orders     integer     NOT NULL,
    invoices         integer     NOT NULL,
    payments         integer     NOT NULL,
    generated_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE app.sample_data IS 'owner: Migrations; the sample that an organization holds, absent when its data is its own';

CREATE TABLE app.imports (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id  text        NOT NULL,
    map_name         text        NOT NULL,
    file_name        text        NOT NULL,
    rows_read        bigint      NOT NULL,
    rows_rejected    bigint      NOT NULL,
    rows_added       bigint      NOT NULL,
    rows_changed     bigint      NOT NULL,
    started_at       timestamptz NOT NULL,
    finished_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE app.imports IS 'owner: Migrations; one row for each import that was committed';
