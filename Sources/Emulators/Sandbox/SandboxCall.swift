package import Foundation
package import Telephony

/// A call as the sandbox carrier's own books have it.
package struct SandboxCall: Sendable, Equatable {
    package let id: String
    package let to: String
    package let from: String
    package let created: Date
    /// Where it asks what to do: tells calls of one request from those of another.
    package let answerURL: String
    package internal(set) var status = CarrierCall.Status.queued
    package internal(set) var answered: Date?
    package internal(set) var ended: Date?
    package internal(set) var answeredBy: String?
    /// What the answer to the webhook said first: `stream`, `hang up`, or why it was none.
    package internal(set) var instruction: String?
    /// Keys, clips and other things the person did.
    package internal(set) var acts: [String] = []
    /// What the agent was heard to say, µ-law, from the answer on; as much as the configuration wants to be kept.
    package internal(set) var heard: [UInt8] = []
    /// Where in ``heard`` the beep ended.
    package internal(set) var beepEnd: Int?
    /// The service asked for its end.
    package internal(set) var isEndWanted = false

    package let order: SandboxOrder
    /// Whether somebody called the service, in place of the other way round.
    package let isInbound: Bool
    /// Of its end.
    package internal(set) var sipCode: Int?

    init(id: String, order: SandboxOrder, created: Date, isInbound: Bool = false) {
        self.id = id
        self.order = order
        self.created = created
        self.isInbound = isInbound
        (to, from, answerURL) = (order.to, order.from, order.url)
    }

    /// ``status`` in the carrier's words.
    package var statusText: String { status.rawValue }

    /// Seconds that were talked.
    var duration: Int { answered.map { Int((ended ?? Date()).timeIntervalSince($0)) } ?? 0 }
}
