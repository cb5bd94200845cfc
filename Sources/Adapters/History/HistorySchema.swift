import GRDB

/// The tables of the history, and how older ones become today's.
///
/// A migration that was released is never changed; a new one is added below it. Dates are seconds since 1970, as SQLite's
/// own functions count them.
enum HistorySchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in
            try db.execute(sql: v1)
        }
        migrator.registerMigration("v2") { db in
            try db.execute(sql: v2)
        }
        migrator.registerMigration("v3") { db in
            // It never had a row: thumbnails lie beside their pictures.
            try db.execute(sql: "DROP TABLE thumbnail")
        }
        migrator.registerMigration("v4") { db in
            try db.execute(sql: v4)
        }
        migrator.registerMigration("v5") { db in
            try db.execute(sql: v5)
        }
        return migrator
    }

    /// `message.owner` is the lock number of the program that is still writing the message, and NULL once it is done.
    private static let v1 = """
        CREATE TABLE conversation (
            id TEXT NOT NULL PRIMARY KEY,
            title TEXT NOT NULL,
            createdAt REAL NOT NULL,
            updatedAt REAL NOT NULL
        ) STRICT;
        CREATE INDEX conversationByUpdate ON conversation (updatedAt);

        CREATE TABLE message (
            id TEXT NOT NULL PRIMARY KEY,
            conversationID TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,
            position INTEGER NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
            createdAt REAL NOT NULL,
            outcome TEXT NOT NULL,
            failure TEXT,
            owner INTEGER,
            engine TEXT,
            model TEXT,
            promptTokens INTEGER,
            completionTokens INTEGER,
            cachedTokens INTEGER,
            reasoningTokens INTEGER,
            tokensPerSecond REAL,
            firstToken REAL,
            total REAL
        ) STRICT;
        CREATE INDEX messageByPosition ON message (conversationID, position);
        CREATE INDEX messageByOwner ON message (owner) WHERE owner IS NOT NULL;

        CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            messageID TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('text', 'reasoning', 'attachment')),
            text TEXT,
            seconds REAL,
            attachment TEXT,
            UNIQUE (messageID, ordinal)
        ) STRICT;

        CREATE TABLE draft (
            owner INTEGER NOT NULL PRIMARY KEY,
            conversationID TEXT,
            text TEXT NOT NULL,
            attachments TEXT NOT NULL,
            savedAt REAL NOT NULL
        ) STRICT;

        CREATE TABLE mediaUse (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL,
            mediaType TEXT NOT NULL,
            messageID TEXT REFERENCES message ON DELETE CASCADE,
            draftOwner INTEGER REFERENCES draft ON DELETE CASCADE ON UPDATE CASCADE,
            CHECK ((messageID IS NULL) <> (draftOwner IS NULL))
        ) STRICT;
        CREATE INDEX mediaUseByHash ON mediaUse (sha256);
        CREATE INDEX mediaUseByMessage ON mediaUse (messageID) WHERE messageID IS NOT NULL;
        CREATE INDEX mediaUseByDraft ON mediaUse (draftOwner) WHERE draftOwner IS NOT NULL;
        """
}
