extension HistorySchema {
    /// Makes findable what pictures say.
    ///
    /// They are read some time after they were shown, so their words lie beside the message; an empty text is one in which
    /// nothing was found. What was indexed before is indexed as it was.
    static let v4 = """
        CREATE TABLE pictureText (
            messageID TEXT NOT NULL PRIMARY KEY REFERENCES message ON DELETE CASCADE,
            text TEXT NOT NULL
        ) STRICT;

        DROP VIEW searchable;
        CREATE VIEW searchable AS
        SELECT number,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'text') AS said,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'reasoning') AS thought,
            searchWords(
                (SELECT group_concat(attachmentText(attachment), char(10)) FROM part
                    WHERE messageID = message.id AND kind = 'attachment')
                || coalesce((SELECT char(10) || text FROM pictureText WHERE messageID = message.id), '')) AS seen,
            NULL AS title
        FROM message WHERE isSearchable
        UNION ALL SELECT -number, NULL, NULL, NULL, searchWords(title) FROM conversation;
        """

    /// Tells apart which of a message's pictures says what.
    ///
    /// A row without a hash is what is not known of any one picture, or that nothing was found in all of them.
    static let v5 = """
        CREATE TABLE pictureWords (
            number INTEGER PRIMARY KEY,
            messageID TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
            sha256 TEXT,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX pictureWordsByMessage ON pictureWords (messageID);
        INSERT INTO pictureWords (messageID, text) SELECT messageID, text FROM pictureText;

        DROP VIEW searchable;
        DROP TABLE pictureText;
        CREATE VIEW searchable AS
        SELECT number,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'text') AS said,
            (SELECT searchWords(group_concat(text, char(10))) FROM part
                WHERE messageID = message.id AND kind = 'reasoning') AS thought,
            searchWords(
                (SELECT group_concat(attachmentText(attachment), char(10)) FROM part
                    WHERE messageID = message.id AND kind = 'attachment')
                || coalesce(
                    (SELECT char(10) || group_concat(text, char(10)) FROM
                        (SELECT text FROM pictureWords WHERE messageID = message.id ORDER BY number)), '')) AS seen,
            NULL AS title
        FROM message WHERE isSearchable
        UNION ALL SELECT -number, NULL, NULL, NULL, searchWords(title) FROM conversation;
        """
}
