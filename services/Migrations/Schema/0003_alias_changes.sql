-- Aliases tell which request made them, and every instance hears at once when one changes.
ALTER TABLE app.entity_aliases ADD COLUMN request_id text NOT NULL DEFAULT '';
COMMENT ON COLUMN app.entity_aliases.request_id IS 'request that made the alias; empty for one that was made before this column';

CREATE FUNCTION app.on_alias_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Equal notifications of one transaction are sent once.
    PERFORM pg_notify('alias_changes', coalesce(new.organization_id, old.organization_id));
    RETURN NULL;
END $$;

-- The columns keep the counting of uses silent.
CREATE TRIGGER alias_changes
    AFTER INSERT OR DELETE OR UPDATE OF alias_key, entity_type, entity_id ON app.entity_aliases
    FOR EACH ROW EXECUTE FUNCTION app.on_alias_change();
