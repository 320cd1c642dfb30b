package import Foundation

/// A row of the audit log.
package struct AuditRecord: Sendable, Equatable, Codable {
    /// Counts from 1, without gaps.
    package var number: Int
    package var happenedAt: Date
    package var actor: String
    package var actorName: String
    package var act: String
    package var subject: String
    package var outcome: AuditDraft.Outcome
    package var detail: [String: String]
    /// The hash of the row before it, in hexadecimal digits.
    package var previous: String
    /// Of this row; see ``AuditChain/hash(_:)``.
    package var hash: String
}

extension AuditRecord {
    /// A draft in its place.
    init(_ draft: AuditDraft, number: Int, after previous: String) throws {
        self.init(
            number: number, happenedAt: Date(storedMilliseconds: draft.happenedAt.storedMilliseconds),
            actor: draft.actor, actorName: draft.actorName, act: draft.act, subject: draft.subject,
            outcome: draft.outcome, detail: draft.detail, previous: previous, hash: "")
        hash = AuditChain.hash(try AuditRow(self))
    }

    init(_ row: AuditRow) throws {
        guard let outcome = AuditDraft.Outcome(rawValue: row.outcome) else {
            throw StoreError(
                .damaged, operation: "read the audit log", subject: "\(row.number)",
                detail: "its outcome is none that there is; `parley audit verify` says where the log was changed")
        }
        self.init(
            number: row.number, happenedAt: Date(storedMilliseconds: row.happenedAt), actor: row.actor,
            actorName: row.actorName, act: row.act, subject: row.subject, outcome: outcome,
            detail: (try? StoredJSON.value(row.detail)) ?? [:], previous: row.previous, hash: row.hash)
    }
}

/// A row of the audit log as the database holds it, whatever somebody made of it.
struct AuditRow: Sendable, Equatable {
    var number: Int
    /// Milliseconds since 1970.
    var happenedAt: Int
    var actor: String
    var actorName: String
    var act: String
    var subject: String
    var outcome: String
    /// JSON, as it was written.
    var detail: String
    var previous: String
    var hash: String

    init(_ record: AuditRecord) throws {
        number = record.number
        happenedAt = record.happenedAt.storedMilliseconds
        actor = record.actor
        actorName = record.actorName
        act = record.act
        subject = record.subject
        outcome = record.outcome.rawValue
        detail = try StoredJSON.text(record.detail)
        previous = record.previous
        hash = record.hash
    }

    init(row: SQLRow) {
        number = row["number"]
        happenedAt = row["happened_at"]
        actor = row["actor"]
        actorName = row["actor_name"]
        act = row["act"]
        subject = row["subject"]
        outcome = row["outcome"]
        detail = row["detail"]
        previous = row["previous"]
        hash = row["hash"]
    }
}
