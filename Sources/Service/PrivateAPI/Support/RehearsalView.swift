package import Campaigns
import Foundation
import Store

/// What a rehearsal came to, with what the carrier's lines would cost.
package struct RehearsalView: Encodable, Sendable {
    struct Hour: Encodable, Sendable {
        let begins: Date
        let attempts: Int
        /// By a person.
        let answered: Int
    }

    /// An option that allows less than the campaign's own pacing asks for.
    struct Bound: Encodable, Sendable {
        let key: String
        let allowed: Double
        let wanted: Double
    }

    /// Of the carrier's lines alone: nobody knows what will be said.
    struct LineCost: Encodable, Sendable {
        let currency: String
        /// A decimal number.
        let amount: String

        /// Nil where the carrier's line has no price.
        init?(_ report: RehearsalReport, configuration: ParleyConfiguration) {
            let cost = configuration.prices.cost(
                of: [], carrier: configuration.campaigns.carrier.rawValue, length: .seconds(report.lineSeconds))
            guard let cost, let currency = cost.currency, let amount = cost.items.first?.amount else { return nil }
            self.currency = currency
            self.amount = "\(amount)"
        }
    }

    let contacts: Int
    let begins: Date
    /// When the last call ends; nil when nobody is called.
    let finishes: Date?
    let attempts: Int
    let answered: Int
    let abandoned: Int
    let mostCalls: Int
    let unfinished: Int
    let isCutShort: Bool
    let paused: String?
    let outcomes: [String: Int]
    let blocked: [String: Int]
    let delayed: [String: Int]
    let bounds: [Bound]
    let hours: [Hour]
    let lineSeconds: Int
    /// Nil where the carrier's line has no price.
    let lineCost: LineCost?
    let model: CalleeModel

    package init(_ report: RehearsalReport, configuration: ParleyConfiguration) {
        contacts = report.contacts
        begins = report.begins
        finishes = report.finishes
        attempts = report.attempts
        answered = report.answered
        abandoned = report.abandoned
        mostCalls = report.mostCalls
        unfinished = report.unfinished
        isCutShort = report.isCutShort
        paused = report.paused
        outcomes = report.outcomes
        blocked = report.blocked
        delayed = report.delayed
        bounds = report.bounds.map { Bound(key: $0.key, allowed: $0.allowed, wanted: $0.wanted) }
        hours = report.hours.map { Hour(begins: $0.begins, attempts: $0.attempts, answered: $0.answered) }
        lineSeconds = Int(report.lineSeconds.rounded())
        lineCost = LineCost(report, configuration: configuration)
        model = report.model
    }
}
