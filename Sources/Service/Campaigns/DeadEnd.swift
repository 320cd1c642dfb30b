import Campaigns
import Foundation

/// Why a number is called no more by any campaign, although nobody said so on the line.
enum DeadEnd: String, Sendable, CaseIterable {
    /// The carrier does not know the number: whoever is meant cannot be reached there, and whoever gets it next never asked for
    /// anything.
    case wrongNumber = "wrong number"
    /// SIP 607: the callee, or their telephone, marks such calls as not wanted (RFC 8197).
    case unwanted = "call marked as unwanted"

    /// - Parameter sipCode: of a call that came to nothing.
    init?(_ outcome: AttemptOutcome, sipCode: Int? = nil) {
        switch outcome {
        case .wrongNumber: self = .wrongNumber
        case _ where sipCode == 607 && !outcome.isAnswered: self = .unwanted
        default: return nil
        }
    }

    /// Answers that a trunk that is set up wrongly gives for good numbers, too: one alone says nothing of the number.
    private static let doubtful: Set<Int> = [404, 484]

    /// Longer than the hours of one day in which people are called, and shorter than from one day's to the next one's.
    static let anotherDay: TimeInterval = 18 * 3600

    /// Whether the number has to be found dead on another day as well.
    ///
    /// - Parameter sipCode: of the call that says so; nil where the carrier refused to place one.
    func needsAnotherDay(sipCode: Int?) -> Bool {
        self == .wrongNumber && sipCode.map(Self.doubtful.contains) ?? false
    }

    /// What is written beside the number.
    ///
    /// - Parameter detail: in the carrier's words.
    func reason(_ detail: String?) -> String { detail.map { "\(rawValue) (\($0))" } ?? rawValue }
}
