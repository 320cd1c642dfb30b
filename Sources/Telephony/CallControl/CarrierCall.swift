package import Foundation

/// A call as the carrier knows it.
package struct CarrierCall: Sendable, Equatable {
    /// In Twilio's words, which others follow.
    package enum Status: String, Sendable, CaseIterable {
        case queued, initiated, ringing
        case inProgress = "in-progress"
        case completed, busy, failed
        case noAnswer = "no-answer"
        case canceled

        /// Whether nothing follows.
        package var isTerminal: Bool {
            switch self {
            case .queued, .initiated, .ringing, .inProgress: false
            case .completed, .busy, .failed, .noAnswer, .canceled: true
            }
        }
    }

    package var id: String
    package var to: String
    package var from: String
    package var status: Status
    /// When it was asked for; nil when the carrier does not say.
    package var created: Date?
    /// How long it was talked, once it is over.
    package var duration: Duration?
    /// `human`, `machine_start` …
    package var answeredBy: String?
    /// Why it ended without a talk, as a SIP code, where the carrier's books say that.
    package var sipCode: Int?

    package init(
        id: String, to: String, from: String, status: Status, created: Date? = nil, duration: Duration? = nil,
        answeredBy: String? = nil, sipCode: Int? = nil
    ) {
        self.id = id
        self.to = to
        self.from = from
        self.status = status
        self.created = created
        self.duration = duration
        self.answeredBy = answeredBy
        self.sipCode = sipCode
    }
}
