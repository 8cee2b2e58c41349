-- How each answer came about, apart from the conversation it belongs to: larger, kept for a bounded time, and with personal data masked.
CREATE TABLE app.answer_records (
    organization_id   text         NOT NULL,
    request_id        text         NOT NULL,
    session_id        text         NOT NULL,
    user_id           text         NOT NULL,
    record            jsonb        NOT NULL,
    feedback          text         CHECK (feedback IN ('up', 'down')),
    feedback_comment  text         NOT NULL DEFAULT '',
    feedback_at       timestamptz,
    created_at        timestamptz  NOT NULL,
    PRIMARY KEY (organization_id, request_id)
);
COMMENT ON TABLE app.answer_records IS 'owner: Memory; what an answer was made from, which versions and gates, and what its reader said of it';

INSERT INTO app.answer_records (organization_id, request_id, session_id, user_id, record, created_at)
SELECT organization_id, request_id, session_id, user_id, jsonb_build_object('response', record), created_at
  FROM app.interactions
 WHERE record IS NOT NULL;

ALTER TABLE app.interactions DROP COLUMN record;
