extension HistorySchema {
    /// Makes a tree of every conversation, and everything that was said findable.
    ///
    /// `number` is what the search index calls a message or, negated, a conversation; unlike a hidden rowid it survives
    /// VACUUM. `activeChild` is where a branch was left, so that coming back to it leads to the same end. A message is
    /// `isSearchable` once it is done: an answer that grows is not indexed anew with every piece.
    static let v2 = """
        ALTER TABLE conversation ADD COLUMN number INTEGER;
        ALTER TABLE conversation ADD COLUMN activeLeaf TEXT;
        ALTER TABLE conversation ADD COLUMN isRenamed INTEGER NOT NULL DEFAULT 0;
        UPDATE conversation SET number = rowid;
        CREATE UNIQUE INDEX conversationByNumber ON conversation (number);
        DROP INDEX conversationByUpdate;
        CREATE INDEX conversationByUpdate ON conversation (updatedAt, id);

        ALTER TABLE message ADD COLUMN number INTEGER;
        ALTER TABLE message ADD COLUMN parentID TEXT REFERENCES message DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE message ADD COLUMN activeChild TEXT;
        ALTER TABLE message ADD COLUMN prefillSeconds REAL;
        ALTER TABLE message ADD COLUMN isSearchable INTEGER NOT NULL DEFAULT 0;
        UPDATE message SET number = rowid;
        UPDATE message SET parentID = place.parent, activeChild = place.child
        FROM (
            SELECT id AS place, lag(id) OVER path AS parent, lead(id) OVER path AS child FROM message
            WINDOW path AS (PARTITION BY conversationID ORDER BY position, createdAt, rowid)
        ) AS place WHERE message.id = place.place;
        CREATE UNIQUE INDEX messageByNumber ON message (number);
        CREATE INDEX messageByParent ON message (parentID);
        CREATE INDEX messageByConversation ON message (conversationID, parentID);
        DROP INDEX messageByPosition;
        ALTER TABLE message DROP COLUMN position;
        UPDATE conversation SET activeLeaf = (
            SELECT id FROM message WHERE conversationID = conversation.id AND activeChild IS NULL
        );

        CREATE TABLE mark (
            messageID TEXT NOT NULL PRIMARY KEY REFERENCES message ON DELETE CASCADE,
            verdict TEXT CHECK (verdict IN ('good', 'bad')),
            correction TEXT
        ) STRICT;

        CREATE TABLE thumbnail (
            sha256 TEXT NOT NULL PRIMARY KEY,
            mediaType TEXT NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE VIEW searchable AS
        SELECT number,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'text') AS said,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'reasoning') AS thought,
            (SELECT searchWords(group_concat(attachmentText(attachment), char(10))) FROM part
                WHERE messageID = message.id AND kind = 'attachment') AS seen,
            NULL AS title
        FROM message WHERE isSearchable
        UNION ALL SELECT -number, NULL, NULL, NULL, searchWords(title) FROM conversation;

        CREATE VIRTUAL TABLE search USING fts5 (
            said, thought, seen, title, content = 'searchable', content_rowid = 'number',
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1'
        );

        CREATE TRIGGER messageBecomesSearchable AFTER UPDATE OF isSearchable ON message
        WHEN new.isSearchable AND NOT old.isSearchable BEGIN
            INSERT INTO search (rowid, said, thought, seen, title)
            SELECT number, said, thought, seen, title FROM searchable WHERE number = new.number;
        END;
        CREATE TRIGGER messageStopsBeingSearchable BEFORE UPDATE OF isSearchable ON message
        WHEN old.isSearchable AND NOT new.isSearchable BEGIN
            INSERT INTO search (search, rowid, said, thought, seen, title)
            SELECT 'delete', number, said, thought, seen, title FROM searchable WHERE number = old.number;
        END;
        CREATE TRIGGER messageIsDeleted BEFORE DELETE ON message WHEN old.isSearchable BEGIN
            INSERT INTO search (search, rowid, said, thought, seen, title)
            SELECT 'delete', number, said, thought, seen, title FROM searchable WHERE number = old.number;
        END;
        \(conversationIsMade)
        CREATE TRIGGER conversationIsRenamed AFTER UPDATE OF title ON conversation BEGIN
            INSERT INTO search (search, rowid, title) VALUES ('delete', -old.number, searchWords(old.title));
            INSERT INTO search (rowid, title) VALUES (-new.number, searchWords(new.title));
        END;
        CREATE TRIGGER conversationIsDeleted BEFORE DELETE ON conversation BEGIN
            INSERT INTO search (search, rowid, title) VALUES ('delete', -old.number, searchWords(old.title));
        END;

        INSERT INTO search (rowid, title) SELECT -number, searchWords(title) FROM conversation;
        UPDATE message SET isSearchable = 1 WHERE owner IS NULL;
        """

    /// Puts a new conversation's title into the search index.
    static let conversationIsMade = """
        CREATE TRIGGER conversationIsMade AFTER INSERT ON conversation BEGIN
            INSERT INTO search (rowid, title) VALUES (-new.number, searchWords(new.title));
        END;
        """
}
