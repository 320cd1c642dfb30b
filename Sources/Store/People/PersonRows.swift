import Foundation

/// Which rows of a table are a person's, and what an erasure does with them.
struct PersonRows: Sendable {
    /// What an erasure does.
    enum End: Sendable {
        /// They go.
        case deleted
        /// They go with the rows that they belong to.
        case cascades
        /// They stay, with these columns emptied.
        case emptied([String])
        /// They stay, for this reason; nothing of the person's goes on under it than this.
        case kept(String)
    }

    /// Sets of values that a condition may name.
    enum Part: Sendable {
        case text(String)
        /// The number's spellings.
        case numbers
        /// The long forms, as rows `own (value)`.
        case long
        /// Ids of the person's calls, as a list and as rows `own (value)`.
        case calls, eachCall
        case appointments, messages, runs, attempts, campaigns
    }

    let table: String
    let end: End
    let condition: [Part]
    /// Orders them in an export.
    let order: String

    init(_ table: String, _ end: End = .deleted, order: String, _ condition: Part...) {
        self.table = table
        self.end = end
        self.order = order
        self.condition = condition
    }

    /// Every table that holds something of people, those first that others refer to.
    static let all: [PersonRows] = [
        PersonRows("calls", order: "started_at, id", .text("id IN "), .calls),
        PersonRows("turns", .cascades, order: "call_id, number, part", .text("call_id IN "), .calls),
        PersonRows("tools", .cascades, order: "call_id, started", .text("call_id IN "), .calls),
        PersonRows("journal", .cascades, order: "call_id, sequence", .text("call_id IN "), .calls),
        PersonRows("recordings", .cascades, order: "call_id", .text("call_id IN "), .calls),
        PersonRows("scorecards", .cascades, order: "call_id", .text("call_id IN "), .calls),
        PersonRows("scorecard_findings", .cascades, order: "call_id, criterion", .text("call_id IN "), .calls),
        PersonRows("call_analyses", .cascades, order: "call_id", .text("call_id IN "), .calls),
        PersonRows("incidents", order: "happened_at, id", .text("call_id IN "), .calls),
        PersonRows(
            "reviews", order: "id", .text("contact IN "), .numbers, .text(" OR call_id IN "), .calls),
        PersonRows(
            "tool_acts", order: "begun_at", .text("EXISTS (SELECT 1 FROM "), .eachCall,
            .text(" WHERE substr(idempotency_key, 1, length(own.value) + 1) = own.value || '/')")),
        PersonRows(
            "calendar_acts", order: "done_at", .text("EXISTS (SELECT 1 FROM "), .eachCall,
            .text(" WHERE substr(idempotency_key, 1, length(own.value) + 1) = own.value || '/')"),
            .text(" OR operation = 'message' AND \(idMark) IN "), .messages,
            .text(" OR operation <> 'message' AND \(idMark) IN "), .appointments),
        // The time stays taken: somebody may have to be there.
        PersonRows(
            "appointments", .emptied(["name", "name_key", "phone"]), order: "id", .text("CAST(id AS TEXT) IN "),
            .appointments),
        PersonRows("messages", order: "id", .text("CAST(id AS TEXT) IN "), .messages),
        PersonRows("contact_facts", order: "name", .text("contact IN "), .numbers),
        PersonRows("campaigns", order: "created_at", .text("id IN "), .campaigns),
        PersonRows("contacts", order: "id", .text("number IN "), .numbers),
        PersonRows("attempts", .cascades, order: "intended_at, id", .text("number IN "), .numbers),
        PersonRows(
            "callbacks", order: "promised_at, id", .text("number IN "), .numbers, .text(" OR call_id IN "), .calls),
        PersonRows(
            "voicemails", order: "begun_at", .text("number IN "), .numbers, .text(" OR call_id IN "), .calls),
        PersonRows(
            "person_legs", order: "asked_at, id", .text("number IN "), .numbers, .text(" OR call_id IN "), .calls),
        PersonRows(
            "consents", order: "given_at", .text("revoked_at IS NULL AND number IN "), .numbers),
        PersonRows(
            "consents", .kept("a consent that was revoked forbids calls, and must go on doing so"),
            order: "given_at", .text("revoked_at IS NOT NULL AND number IN "), .numbers),
        PersonRows(
            "suppressions", .kept("who must not be called can only be known by the number"), order: "added_at",
            .text("number IN "), .numbers),
        PersonRows(
            "webhook_deliveries", order: "sequence", .text("stream IN "), .calls, .text(" OR stream IN "), .attempts,
            .text(" OR EXISTS (SELECT 1 FROM "), .long, .text(" WHERE payload LIKE '%' || own.value || '%')")),
        PersonRows("team_runs", order: "began_at", .text("id IN "), .runs),
        PersonRows("team_steps", .cascades, order: "run_id, position", .text("run_id IN "), .runs),
        PersonRows(
            "idempotency", order: "created_at", .text("EXISTS (SELECT 1 FROM "), .long,
            .text(" WHERE \(bodyMark) LIKE '%' || own.value || '%')")),
    ]

    /// Stands for an answer's bytes as text.
    private static let bodyMark = "{body}"

    /// Stands for the id of what an act of the calendar made or changed.
    private static let idMark = "{id}"

    /// Tables that hold nothing of people who call or are called. A test sees to it that each table is here or above.
    static let others: Set<String> = [
        "accounts", "agent_acts", "agent_standings", "agent_stops", "agent_version_files", "agent_versions", "api_keys",
        "audit_chain", "audit_log", "doctors", "documents", "erased_calls", "grdb_migrations", "holidays", "nodes",
        "opening_hours",
        "parley_schema", "passages", "probe", "suppression_lists", "team_watches", "webhook_endpoints",
    ]

    /// The condition as a statement takes it, and its values.
    func condition(_ scope: PersonScope, _ dialect: SQLDialect) throws -> (sql: String, values: SQLValues) {
        var sql = ""
        var values: [any SQLConvertible] = []
        func list(_ texts: [String]) throws -> String {
            values.append(try StoredJSON.text(texts))
            return "(SELECT value FROM \(dialect.elements(ofJSON: "?", as: "own")))"
        }
        func rows(_ texts: [String]) throws -> String {
            values.append(try StoredJSON.text(texts))
            return dialect.elements(ofJSON: "?", as: "own")
        }
        for part in condition {
            let piece =
                switch part {
                case .text(let text):
                    text.replacing(Self.bodyMark, with: dialect.text(ofBytes: "body"))
                        .replacing(Self.idMark, with: dialect.member("id", ofJSON: "result"))
                case .numbers: try list(scope.number.spellings)
                case .long: try rows(scope.number.unmistakable)
                case .calls: try list(scope.calls)
                case .eachCall: try rows(scope.calls)
                case .appointments: try list(scope.appointments)
                case .messages: try list(scope.messages)
                case .runs: try list(scope.runs)
                case .attempts: try list(scope.attempts)
                case .campaigns: try list(scope.campaigns)
                }
            sql += piece
        }
        return ("(\(sql))", SQLValues(values))
    }
}
