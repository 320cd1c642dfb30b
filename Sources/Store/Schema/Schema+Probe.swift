extension Schema {
    /// Holds nothing; written to find out whether writing works.
    static let probe = "CREATE TABLE probe (bytes BLOB NOT NULL) STRICT;"
}
