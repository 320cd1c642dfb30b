extension Schema {
    /// Step 26: calls of people who were erased. What still comes in of them, from a queue or a spill file of whichever node,
    /// is not stored.
    static let people = """
        CREATE TABLE erased_calls (
            call_id TEXT NOT NULL PRIMARY KEY,
            erased_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
