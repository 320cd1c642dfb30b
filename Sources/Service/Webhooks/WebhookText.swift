import Foundation
package import Store

/// The outbox in words, for terminals.
package enum WebhookText {
    /// One line of a list.
    package static func line(_ delivery: WebhookDelivery) -> String {
        let when = delivery.happenedAt.formatted(.iso8601)
        let attempts = "\(delivery.attempts) attempt\(delivery.attempts == 1 ? "" : "s")"
        let next = delivery.state == .pending ? "next \(delivery.nextAt.formatted(.iso8601))" : nil
        return
            ([
                delivery.id, when, delivery.endpoint, delivery.event, delivery.state.rawValue, attempts, next,
                delivery.reason,
            ] as [String?]).compactMap(\.self).joined(separator: "  ")
    }

    /// What a test came to.
    package static func report(_ report: WebhookProbe.Report) -> String {
        let headers = report.headers.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        let status = report.status.map { "status \($0)" } ?? "no answer"
        return
            (["POST \(report.url)", "  content-type: application/json"] + headers + ["", report.payload, ""]
            + ["\(status) after \(report.milliseconds) ms: \(report.answer)"]).joined(separator: "\n")
    }
}
