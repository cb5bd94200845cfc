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
}
