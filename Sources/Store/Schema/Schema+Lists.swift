extension Schema {
    /// Step 42: what lists go by. A page of the consents goes on behind the last one's moment and place; a place says nothing of
    /// whose consent it is, since numbers do not belong into addresses.
    static let consentPlaces = """
        ALTER TABLE consents ADD COLUMN place TEXT NOT NULL DEFAULT '';
        UPDATE consents SET place = lower(hex(randomblob(16)));
        CREATE INDEX consents_by_time ON consents (given_at DESC, place);

        """

    /// Nodes of an older version go on giving consents, hence the default.
    static let consentPlacesOfPostgres = """
        ALTER TABLE consents ADD COLUMN place TEXT NOT NULL DEFAULT md5(random()::text);
        CREATE INDEX consents_by_time ON consents (given_at DESC, place);

        """

    /// Calls by who was on the line: all that is known of one person is looked up by their number.
    static let callParties = """
        CREATE INDEX calls_by_caller ON calls (caller, started_at);
        CREATE INDEX calls_by_callee ON calls (callee, started_at);
        """
}
