-- The hash covers the exact bytes of the detail, which jsonb does not keep.
ALTER TABLE app.audit
    ALTER COLUMN detail TYPE json USING detail::json,
    ADD COLUMN key_id text NOT NULL DEFAULT '';
COMMENT ON COLUMN app.audit.hash IS 'HMAC-SHA256 with the key of key_id over previous_hash and the canonical row; plain SHA-256 when key_id is empty';
