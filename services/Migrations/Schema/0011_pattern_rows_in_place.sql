-- The row of type "_outcomes" is replaced at every refresh. When no index holds what changes in it and its page has room, PostgreSQL replaces it
-- within the page and touches no index (heap-only tuples): so its time has a column of its own, which is in no index.
ALTER TABLE app.customer_patterns SET (fillfactor = 45);
ALTER TABLE app.customer_patterns ADD COLUMN read_at timestamptz;
UPDATE app.customer_patterns SET read_at = computed_at WHERE pattern_type = '_outcomes';
COMMENT ON COLUMN app.customer_patterns.read_at IS 'when the data behind the row of type "_outcomes" were read last; its computed_at is when the customer was first looked at';
