-- The row of type "_outcomes" serves a customer's patterns as a whole: payload with the snapshot that its data were read in, and a digest
-- over all rows of the customer. Rows from before have none and are made anew.
ALTER TABLE app.customer_patterns
    ADD COLUMN payload        bytea,
    ADD COLUMN read_snapshot  pg_snapshot,
    ADD COLUMN rows_digest    bytea;

CREATE TABLE app.pattern_refreshes (
    organization_id   text        PRIMARY KEY,
    as_of             date,
    cursor            text,
    done              bigint      NOT NULL DEFAULT 0,
    failed            bigint      NOT NULL DEFAULT 0,
    total             bigint      NOT NULL DEFAULT 0,
    started_at        timestamptz,
    finished_at       timestamptz,
    changes_snapshot  pg_snapshot,
    holder            text,
    fence             bigint      NOT NULL DEFAULT 0,
    held_until        timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE app.pattern_refreshes IS 'owner: PatternAnalysis; how far the refresh of an organization is, and who runs it until when; fence grows with every holder';
