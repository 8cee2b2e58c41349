-- The prompts that ship with the platform are version 0 and have no row in app.prompt_versions; what readers think of their answers counts too.
ALTER TABLE app.prompt_feedback
    ADD COLUMN prompt_name text,
    ADD COLUMN version     integer;

UPDATE app.prompt_feedback f SET prompt_name = v.prompt_name, version = v.version
FROM app.prompt_versions v WHERE v.id = f.prompt_version_id;

ALTER TABLE app.prompt_feedback
    DROP CONSTRAINT prompt_feedback_pkey,
    ALTER COLUMN prompt_name SET NOT NULL,
    ALTER COLUMN version SET NOT NULL,
    ALTER COLUMN prompt_version_id DROP NOT NULL,
    ADD PRIMARY KEY (organization_id, prompt_name, version, request_id, user_id),
    ADD CHECK ((version = 0) = (prompt_version_id IS NULL)),
    ADD CHECK (version >= 0);
COMMENT ON COLUMN app.prompt_feedback.version IS '0: the prompt that ships with the platform';
