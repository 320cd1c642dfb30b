/// What programs that copy the database have to know of it.
extension PostgresLocation {
    /// The section of a libpq service file (`PGSERVICEFILE`) that leads there, the password in it: programs are given the name of
    /// the section, as everybody on the machine sees their arguments.
    ///
    /// - Throws: ``StoreError`` with `failed` when the connection string cannot be read, or has a line break in a value.
    package func serviceFile(section: String) throws(StoreError) -> String {
        guard var known = settings else {
            throw StoreError(
                .failed, operation: "copy the database", subject: description,
                detail: "the connection string cannot be read")
        }
        if let password { known["password"] = password }
        if let (name, _) = known.first(where: { $1.contains(where: \.isNewline) }) {
            throw StoreError(
                .failed, operation: "copy the database", subject: description,
                detail: "\(name) in the connection string has a line break")
        }
        let lines = known.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "[\(section)]\n" + lines.joined(separator: "\n") + "\n"
    }

    /// The schema where Parley's tables are or would be, and what tables it has. Blocks for as long as a connection takes.
    package func contents() throws(StoreError) -> (schema: String, tables: [String]) {
        do {
            let db = SQLSession(try PostgresConnection(self), .postgres)
            guard let schema = try String.fetchOne(db, sql: "SELECT CAST(current_schema() AS text)") else {
                throw SQLFailure(code: .missing, detail: "no schema of the connection's search_path is there")
            }
            return (schema, try String.fetchAll(db, sql: db.dialect.tables))
        } catch {
            throw StoreError(error, operation: "look into the database", subject: description)
        }
    }
}
