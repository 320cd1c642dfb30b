import Agent
package import CallSession

/// Looks for waits that answer sooner without cutting callers short, or cut fewer short, over the journals of many calls.
///
/// The two aims pull against each other, so there is no best profile but a front of them: profiles of which each is quicker
/// than every other that cuts as few. Each pause of the journals is judged by itself: when the turn would have ended with
/// what was known then, and whether the caller went on. Half of the calls are searched; the other half, which the search
/// never saw, is the evidence. A pure function of the pauses.
package struct TurnTuning: Sendable, Encodable {
    /// How a profile does on pauses.
    package struct Score: Sendable, Equatable, Encodable {
        /// Turns that went on after a pause, and how many of them the agent cuts short.
        package var continued = 0
        package var cut = 0
        /// Turns that were finished, and the mean wait after them, in ms.
        package var finished = 0
        package var meanWait = 0.0
        /// Of the pauses that went on, with its 95 % interval; nil without one.
        package var cutShare: Interval?

        init(_ cases: [PauseCase], under rules: TurnDetector) {
            var total = 0
            for one in cases {
                if let wait = one.wait(under: rules) {
                    finished += 1
                    total += wait
                } else {
                    continued += 1
                    if one.isCut(under: rules) { cut += 1 }
                }
            }
            meanWait = finished == 0 ? 0 : Double(total) / Double(finished) / 8
            cutShare = Interval.share(cut, of: continued)
        }
    }

    package struct Profile: Sendable, Encodable {
        /// Name in the configuration's section `turns` → ms; only what differs from the present settings.
        package var changes: [String: Int]
        /// On the calls that were searched.
        package var searched: Score
        /// On those that were not; nil where there were too few calls to set any aside.
        package var heldOut: Score?
        /// By what the agent was waiting for, on the held-out calls or else on all.
        package var states: [String: Score]
    }

    package private(set) var calls: Int
    package private(set) var pauses: Int
    package private(set) var present: Profile
    /// From the quickest to the most patient.
    package private(set) var front: [Profile] = []

    /// Fewer calls are all searched.
    static let fewestToSplit = 10
    /// What a cut may cost, in ms of everybody's wait: each price finds a profile.
    private static let prices = [0.0, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]

    /// - Parameters:
    ///   - calls: each call's pauses, in an order that has nothing to do with what is in them.
    ///   - present: the rules to begin with.
    package init(_ calls: [[PauseCase]], present: TurnDetector) {
        let splits = calls.count >= Self.fewestToSplit
        let searched = calls.enumerated().filter { !splits || $0.offset % 2 == 0 }.flatMap(\.element)
        let heldOut = splits ? calls.enumerated().filter { $0.offset % 2 == 1 }.flatMap(\.element) : nil
        self.calls = calls.count
        pauses = calls.reduce(0) { $0 + $1.count }
        func profile(_ rules: TurnDetector) -> Profile {
            let shown = heldOut ?? searched
            return Profile(
                changes: Self.changes(from: present, to: rules), searched: Score(searched, under: rules),
                heldOut: heldOut.map { Score($0, under: rules) },
                states: Dictionary(grouping: shown, by: \.kind.rawValue).mapValues { Score($0, under: rules) })
        }
        self.present = profile(present)
        guard !searched.isEmpty else { return }
        var found: [TurnDetector] = []
        for price in Self.prices {
            let rules = Self.search(searched, from: present, price: price)
            if !found.contains(rules) { found.append(rules) }
        }
        let scored = found.map { ($0, Score(searched, under: $0)) }
        front = scored.filter { one in
            !scored.contains { other in
                other.1.cut <= one.1.cut && other.1.meanWait <= one.1.meanWait
                    && (other.1.cut < one.1.cut || other.1.meanWait < one.1.meanWait)
            }
        }.sorted { $0.1.meanWait < $1.1.meanWait }.map { profile($0.0) }
    }

    private static func changes(from old: TurnDetector, to new: TurnDetector) -> [String: Int] {
        var changes: [String: Int] = [:]
        for knob in TuningKnob.allCases where knob.milliseconds(of: old) != knob.milliseconds(of: new) {
            changes[knob.rawValue] = knob.milliseconds(of: new)
        }
        return changes
    }

    /// One knob after the other to its best place, until none moves: each pause mostly hangs on one of them.
    private static func search(_ cases: [PauseCase], from start: TurnDetector, price: Double) -> TurnDetector {
        func cost(_ rules: TurnDetector) -> Double {
            let score = Score(cases, under: rules)
            return score.meanWait * Double(score.finished) + price * Double(score.cut)
        }
        var best = start
        var least = cost(start)
        for _ in 0..<3 {
            let before = best
            for knob in TuningKnob.allCases {
                for value in TuningKnob.range {
                    var rules = best
                    knob.set(value, in: &rules)
                    let cost = cost(rules)
                    // A knob that nothing hangs on stays where it is.
                    guard cost < least else { continue }
                    (best, least) = (rules, cost)
                }
            }
            if best == before { break }
        }
        return best
    }

    /// In lines, for people.
    package var text: String {
        var lines = ["\(pauses) pauses of \(calls) calls", "", "present settings", Self.text(present)]
        for (index, profile) in front.enumerated() {
            lines += ["", "profile \(index + 1)\(profile.changes.isEmpty ? ": the present settings" : "")"]
            if !profile.changes.isEmpty {
                lines.append("    turns:")
                lines += profile.changes.sorted { $0.key < $1.key }.map { "      \($0.key): \($0.value)ms" }
            }
            lines.append(Self.text(profile))
        }
        if present.heldOut == nil {
            lines += ["", "fewer than \(Self.fewestToSplit) calls: nothing was held out, so the figures flatter"]
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ profile: Profile) -> String {
        var lines = ["    searched   \(text(profile.searched))"]
        if let heldOut = profile.heldOut { lines.append("    held out   \(text(heldOut))") }
        for (state, score) in profile.states.sorted(by: { $0.key < $1.key }) {
            lines.append("      \(state): \(text(score))")
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ score: Score) -> String {
        func percent(_ share: Double) -> String { DemoPrinter.fixed(share * 100, 1) }
        let share = score.cutShare.map {
            "\(percent($0.value)) % [\(percent($0.low)), \(percent($0.high))] of \(score.continued) pauses cut short"
        }
        return "mean wait \(Int(score.meanWait)) ms after \(score.finished) turns; \(share ?? "no pause went on")"
    }
}
