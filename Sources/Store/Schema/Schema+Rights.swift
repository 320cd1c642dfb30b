extension Schema {
    /// What a service that takes no step of the schema does with a table; nothing where it is none of ours.
    ///
    /// The audit log is only added to: its rows are never changed, and only a service that is told to let old ones go
    /// (`store.audit_days`) deletes any. What is kept for good needs no right to be changed either.
    static func rights(on table: String, prunesAudit: Bool) -> Set<String> {
        guard tables.contains(table) else { return [] }
        return switch table {
        case "parley_schema": ["SELECT"]
        case "audit_log": prunesAudit ? ["SELECT", "INSERT", "DELETE"] : ["SELECT", "INSERT"]
        case "erased_calls", "agent_version_files": ["SELECT", "INSERT"]
        case "audit_chain": ["SELECT", "UPDATE"]
        default: ["SELECT", "INSERT", "UPDATE", "DELETE"]
        }
    }
}
