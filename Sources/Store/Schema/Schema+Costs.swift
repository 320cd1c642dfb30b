extension Schema {
    /// What a call used of others and what that costs, as JSON; null where it used nothing.
    static let costs = "ALTER TABLE calls ADD COLUMN cost TEXT;"
}
