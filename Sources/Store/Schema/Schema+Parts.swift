extension Schema {
    /// Step 34: a row of `journal` holds several entries of a call, packed; `entries` says how many, and is null in rows of before,
    /// which hold one in columns. Attempts may be signed, and those that have not ended are found by how far they are and since
    /// when.
    static let parts = """
        ALTER TABLE journal ADD COLUMN entries INTEGER;
        ALTER TABLE attempts ADD COLUMN signature TEXT;
        DROP INDEX attempts_open;
        CREATE INDEX attempts_open ON attempts (state, intended_at, campaign_id) WHERE state <> 'ended';
        """

    /// What is packed is not compressed again.
    static let partsOfPostgres = "\nALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;"
}
