package import Foundation

/// Decides by its outcome whether there is another attempt, and when at the earliest; the gate has the last word.
package enum RetryPlanner {
    package enum Plan: Sendable, Equatable {
        case done
        case again(at: Date)
    }

    /// - Parameters:
    ///   - attempts: of this contact that count, this one included.
    ///   - callback: when the contact asked to be called.
    ///   - bestTime: what is known of when this contact may answer; nil where nothing is, or the campaign does not ask.
    ///   - seed: of the contact; the same contact always gets the same spread.
    package static func plan(
        after outcome: AttemptOutcome, attempts: Int, callback: Date? = nil, bestTime: BestTime? = nil, at now: Date,
        seed: Int, _ campaign: CampaignDefinition
    ) -> Plan {
        switch outcome {
        case .optedOut, .wrongNumber, .rejected, .fax: return .done
        // What was promised goes before everything else, and counts as no further try.
        default: if let callback, callback > now { return .again(at: callback) }
        }
        let policy = campaign.retries
        let wait: Duration
        switch outcome {
        case .reached, .optedOut, .wrongNumber, .rejected, .messageLeft, .fax: return .done
        case .machine where campaign.machine == .giveUp: return .done
        case .busy: wait = policy.busy
        case .noAnswer: wait = policy.noAnswer
        case .machine, .screened, .menu: wait = policy.machine
        case .hungUpEarly: wait = policy.hungUpEarly
        case .abandoned:
            // 72 hours: longer than any hour of rest that a regulator asks for after a silent call.
            wait = .seconds(72 * 3600)
        case .failed, .cancelled, .notPlaced:
            // Each failure doubles the wait: a broken carrier is not helped by being asked more often.
            wait = policy.failed * (1 << min(max(attempts, 1) - 1, 6))
        }
        guard attempts < campaign.frequency.attempts else { return .done }
        var generator = SplitMix(seed: UInt64(truncatingIfNeeded: seed) &* 31 &+ UInt64(attempts))
        let seconds = wait / .seconds(1)
        let earliest = now + seconds * (1 + policy.spread * generator.unit())
        switch outcome {
        case .noAnswer, .machine, .screened, .menu:
            guard let length = policy.bestTimeWithin, let bestTime else { break }
            return .again(at: bestTime.moment(from: earliest, within: length, seed: generator.next()))
        // Somebody is there, or it was no fault of the hour.
        case .reached, .optedOut, .abandoned, .hungUpEarly, .messageLeft, .fax, .busy, .rejected, .wrongNumber, .failed,
            .cancelled, .notPlaced:
            break
        }
        return .again(at: earliest)
    }
}
