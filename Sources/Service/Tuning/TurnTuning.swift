import Agent
package import CallSession

/// Looks for waits that answer sooner without cutting callers short, or cut fewer short, over the journals of many calls.
///
/// The two aims pull against each other, so there is no best profile but a front of them: profiles of which each is quicker
/// than every other that cuts as few. Those that speak into too many turns are nobody's advice and are left out. For each
/// state of a turn, which is what one of the waits is for, one value is proposed. Each pause of the journals is judged by itself: when the turn would have ended with
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
        /// Turns into which the agent speaks, at most, of all: each ends in one pause, and is cut short in some before.
        package var interrupted = 0.0

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
            interrupted = finished == 0 ? 0 : Double(cut) / Double(finished)
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
    /// From the quickest to the most patient, without those that interrupt too often.
    package private(set) var front: [Profile] = []
    /// How many were left out because of that.
    package private(set) var leftOut = 0
    /// One for each state of a turn that the calls hold.
    package private(set) var proposals: [TuningProposal] = []
    /// An agent that speaks into more of the turns interrupts its callers; where the present settings do, into more than they.
    package private(set) var mostInterrupted = Self.acceptable

    /// The objective of the interaction panel.
    static let acceptable = 0.05
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
        mostInterrupted = max(Self.acceptable, self.present.searched.interrupted)
        proposals = TuningKnob.allCases.compactMap {
            TuningProposal($0, present: present, searched: searched, heldOut: heldOut)
        }
        var found: [TurnDetector] = []
        for price in Self.prices {
            let rules = Self.search(searched, from: present, price: price)
            if !found.contains(rules) { found.append(rules) }
        }
        let scored = found.map { ($0, Score(searched, under: $0)) }
        let best = scored.filter { one in
            !scored.contains { other in
                other.1.cut <= one.1.cut && other.1.meanWait <= one.1.meanWait
                    && (other.1.cut < one.1.cut || other.1.meanWait < one.1.meanWait)
            }
        }
        // What the calls held out do not bear out is no better.
        let provenLimit = max(Self.acceptable, self.present.heldOut?.interrupted ?? 0)
        front = best.filter { $0.1.interrupted <= mostInterrupted }.sorted { $0.1.meanWait < $1.1.meanWait }
            .map { profile($0.0) }.filter { ($0.heldOut?.interrupted ?? 0) <= provenLimit }
        leftOut = best.count - front.count
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
}
