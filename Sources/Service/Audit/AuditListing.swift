package import Foundation
package import Store

/// The audit log in words and as JSON.
package struct AuditListing: Encodable, Sendable {
    let entries: [AuditRecord]
    /// Goes on after the last of them; absent at the end.
    let next: Int?

    /// - Parameter limit: how many were asked for.
    package init(_ entries: [AuditRecord], limit: Int) {
        self.entries = entries
        next = entries.count == limit ? entries.last?.number : nil
    }

    /// One line of a list.
    package static func line(_ entry: AuditRecord) -> String {
        let who = entry.actor + (entry.actorName.isEmpty ? "" : " (\(entry.actorName))")
        let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let when = entry.happenedAt.formatted(.iso8601)
        return (["\(entry.number)", when, entry.outcome.rawValue, who, entry.act, entry.subject] + detail)
            .filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// What a walk along the audit log found, in words and as JSON.
package struct AuditVerdictView: Encodable, Sendable {
    struct Fault: Encodable, Sendable {
        let number: Int
        let kind: AuditVerdict.Fault.Kind
        let detail: String
    }

    let isWhole: Bool
    let rows: Int
    let first: Int
    let head: AuditVerdict.Head
    let fault: Fault?

    package init(_ verdict: AuditVerdict) {
        isWhole = verdict.fault == nil
        rows = verdict.rows
        first = verdict.first
        head = verdict.head
        fault = verdict.fault.map { Fault(number: $0.number, kind: $0.kind, detail: $0.kind.words) }
    }

    package var line: String {
        if let fault { return "BROKEN at row \(fault.number): \(fault.detail). \(rows) rows before it fit." }
        return "The audit log is whole: \(rows) rows from \(first) on. Its head, to keep elsewhere: "
            + "\(head.number):\(head.hash)"
    }
}

extension AuditVerdict.Head {
    /// As ``AuditVerdictView/line`` writes it, `NUMBER:HASH`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number >= 0, parts[1].utf8.count == 64,
            parts[1].allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { return nil }
        self.init(number: number, hash: String(parts[1]))
    }
}

extension AuditDraft {
    /// What was done at the command line.
    package static func terminal(
        _ act: String, of subject: String = "", _ detail: [String: String] = [:], at moment: Date = Date()
    ) -> AuditDraft {
        AuditDraft(actor: "terminal \(NSUserName())", act: act, subject: subject, detail: detail, at: moment)
    }
}
