import Foundation
import Hummingbird
import Store

/// Who did what, and whether anybody changed what is written of it.
extension OperatorAPI {
    var auditRoutes: [APIRoute] {
        [
            APIRoute(.get, "/audit", scope: .admin) { request, _ in
                let query = request.query
                let limit = try query.integer("limit", in: 1...1000) ?? 100
                let entries = try await store.audit(
                    actor: try query.text("actor"), act: try query.text("act"),
                    before: try query.integer("before", in: 1...Int(Int32.max)), limit: limit)
                return .json(AuditListing(entries, limit: limit))
            },
            APIRoute(.get, "/audit/verification", scope: .admin) { request, _ in
                let expected = try request.query.text("expect").map { text in
                    guard let head = AuditVerdict.Head(text) else {
                        throw Problem.invalid(
                            "\"expect\" must be a head of the audit log as it was told: NUMBER:HASH.")
                    }
                    return head
                }
                return .json(AuditVerdictView(try await store.verifyAudit(expecting: expected)))
            },
        ]
    }
}
