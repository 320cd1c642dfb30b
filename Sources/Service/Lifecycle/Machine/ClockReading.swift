import Foundation

/// What was measured of this machine's clocks.
struct ClockReading: Sendable, Equatable {
    /// Somebody else's clock, out of the `Date` of an HTTP answer.
    struct Other: Sendable, Equatable {
        let host: String
        /// How far ours is ahead.
        let ahead: TimeInterval
        /// How far that may be wrong: the header's second and the way there and back.
        let uncertainty: TimeInterval
    }

    /// A zone whose offsets are known without a table, and what this machine says they are.
    struct Zone: Sendable, Equatable {
        let name: String
        /// Seconds in January and in July 2025; nil where the machine does not know the zone.
        let offsets: [Int]?
        let expected: [Int]
    }

    /// From 2025, before which this program was not written, to 2100.
    static let plausible = 1_735_689_600.0...4_102_444_800.0
    /// Beyond that vendors and those who are told by webhooks refuse what is signed with the time.
    static let mostSkew: TimeInterval = 60
    /// Beyond that somebody should look.
    static let noticedSkew: TimeInterval = 5
    /// Between the clock of the wall and the one that only goes on.
    static let mostJump: TimeInterval = 1

    var now: Date
    /// By how much the clock of the wall went on more than the one that only goes on, while it was watched.
    var jump: TimeInterval
    var zones: [Zone]
    /// Nil where no provider was reached.
    var other: Other?

    /// What is wrong and what to do; nil where nothing is.
    var fault: String? {
        let advice = "let the machine keep time (systemd-timesyncd, chrony)"
        guard Self.plausible.contains(now.timeIntervalSince1970) else {
            return "it says \(now.formatted(.iso8601)), which cannot be; \(advice)"
        }
        if abs(jump) > Self.mostJump {
            return
                "it was set by \(Self.seconds(jump)) s while it was watched; campaigns and retention go by it: \(advice)"
        }
        if let zone = zones.first(where: { $0.offsets != $0.expected }) {
            return "the hours of \(zone.name) are not known right, and calling hours go by zones; install tzdata"
        }
        if let other, abs(other.ahead) - other.uncertainty > Self.mostSkew {
            return "it is \(difference(other)) \(other.host)'s, and what is signed with the time is refused; \(advice)"
        }
        return nil
    }

    /// What was found where nothing is wrong.
    var summary: String {
        let date = "it says \(now.formatted(.iso8601)), and zones are known"
        guard let other else { return "\(date); no provider was reached to compare it with" }
        let isNoticed = abs(other.ahead) - other.uncertainty > Self.noticedSkew
        guard isNoticed else { return "\(date); \(other.host) has the same" }
        return "\(date); it is \(difference(other)) \(other.host)'s, let the machine keep time"
    }

    private func difference(_ other: Other) -> String {
        "\(Self.seconds(abs(other.ahead))) s \(other.ahead > 0 ? "ahead of" : "behind")"
    }

    private static func seconds(_ value: TimeInterval) -> Int { Int(value.rounded()) }
}
