-- Every change of what is active, with the state it led to: rolling back puts an earlier state in place.
CREATE TABLE app.prompt_changes (
    id               bigint       GENERATED ALWAYS AS IDENTITY,
    organization_id  text         NOT NULL,
    prompt_name      text         NOT NULL,
    action           text         NOT NULL CHECK (action IN ('activate', 'deactivate', 'roll_back', 'pause')),
    versions         integer[]    NOT NULL,
    weights          numeric[]    NOT NULL,
    restores         bigint,
    changed_by       text         NOT NULL,
    reason           text         NOT NULL DEFAULT '',
    created_at       timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, prompt_name, id),
    CHECK (cardinality(versions) = cardinality(weights))
);
COMMENT ON TABLE app.prompt_changes IS 'owner: ModelGateway; versions that are active after the change, and their weights (NULL: an equal share)';
COMMENT ON COLUMN app.prompt_changes.restores IS 'the change whose state was put in place again; 0 when nothing was active then';

CREATE TABLE app.prompt_feedback (
    organization_id    text          NOT NULL,
    prompt_version_id  uuid          NOT NULL REFERENCES app.prompt_versions (id),
    request_id         text          NOT NULL,
    user_id            text          NOT NULL,
    score              numeric(3, 2) NOT NULL CHECK (score BETWEEN 0 AND 5),
    comment            text          NOT NULL DEFAULT '',
    created_at         timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (prompt_version_id, request_id, user_id)
);
COMMENT ON TABLE app.prompt_feedback IS 'owner: ModelGateway; a user''s last word on one answer counts';
