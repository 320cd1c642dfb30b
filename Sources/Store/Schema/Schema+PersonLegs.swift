extension Schema {
    /// Step 37: calls to people for whom callers hold the line, from before the carrier is asked until they are over, so that
    /// somebody ends them should their node not.
    ///
    /// `tries` is above 0 where nobody waits for the person any more: so often their end was asked for. What
    /// campaigns have begun in the last second, whoever calls a person finds by the index `attempts_by_time` of step 32.
    static let personLegs = """
        CREATE TABLE person_legs (
            id TEXT NOT NULL PRIMARY KEY,
            call_id TEXT NOT NULL,
            node TEXT NOT NULL,
            carrier TEXT NOT NULL,
            carrier_call_id TEXT,
            number TEXT NOT NULL,
            caller_id TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        """
}
