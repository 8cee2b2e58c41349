-- What the last answers of a conversation listed, so that "the second one" can be found.
ALTER TABLE app.conversations ADD COLUMN listed jsonb NOT NULL DEFAULT '[]';
