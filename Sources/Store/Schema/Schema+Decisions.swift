extension Schema {
    /// Journals keep what followed from each input, so that a replay has something to be compared with.
    static let decisions = "ALTER TABLE journal ADD COLUMN decisions TEXT;"
}
