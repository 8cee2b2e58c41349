-- The words of a memory are read once, when it is stored, instead of from the text of every memory that a question might share words with.
ALTER TABLE app.memories ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED;
COMMENT ON COLUMN app.memories.words IS 'words of the text, for search';
DROP INDEX IF EXISTS app.idx_memories_text;

-- Records are tens of kilobytes and written with every answer: lz4, where the server was built with it, takes a fraction of the time.
DO $$
BEGIN
    IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
        ALTER TABLE app.answer_records ALTER COLUMN record SET COMPRESSION lz4;
    END IF;
END $$;
