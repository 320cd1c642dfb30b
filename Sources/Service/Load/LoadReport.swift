/// What the callers of a load got, and what it cost the service where that is known.
package struct LoadReport: Sendable, Codable {
    package struct Answer: Sendable, Codable, Equatable {
        /// Seconds since the first dial.
        package var at: Double
        /// From the caller's last voiced sample to the agent's first one, in ms.
        package var after: Double
        /// The carrier's id of the call, and seconds since its line was opened.
        package var call: String?
        package var into: Double?
    }

    /// Lines that were opened.
    package var calls = 0
    /// Lines the service closed before the end.
    package var lost = 0
    /// Why, and how many.
    package var errors: [String: Int] = [:]
    package var responses = 0
    /// From a caller's last voiced sample to the agent's first one, in ms.
    package var responseP50 = 0.0
    package var responseP95 = 0.0
    package var responseP99 = 0.0
    /// Times an agent's audio broke off and went on within 200 ms.
    package var gaps = 0
    package var agentSeconds = 0.0
    /// 20 ms beats of this driver, of all lines together.
    package var beats = 0
    /// Beats that were missed; more than a few spoil the figures.
    package var missedBeats = 0
    /// How late the latest beat was, in ms.
    package var worstBeat = 0.0
    /// What 99 of 100 beats were no later than, in ms, to the next of a few steps; nil above 100.
    package var beatP99: Double?
    /// Whether the system runs this driver before ordinary programs.
    package var isRealTime: Bool?
    /// From the first voiced sample of somebody who speaks over the agent to the order to drop its audio, in ms.
    package var bargeInStop: Spread?
    /// From that sample to the last of the agent's audio that came before the order, in ms; 0 where none came any more.
    package var bargeInHold: Spread?
    /// By how much the agent's audio came sooner or later than its own time, in ms, message by message.
    package var pacingError: Spread?
    /// From the emulated recognizer's final to the request that the emulated model has of it, in ms: Parley, two sockets
    /// and the emulators themselves. Nil where nothing was stamped.
    package var finalToModel: Spread?
    /// From the emulated voice's first audio to the caller, likewise.
    package var audioToCaller: Spread?
    /// Nil where nobody said where the service's metrics are.
    package var service: ServiceShare?
    /// Every answer, in the order in which they came.
    package var answers: [Answer] = []
    /// Every stop of a barge-in, in ms.
    package var stops: [Double] = []
    /// Every hold of a barge-in, in ms.
    package var holds: [Double] = []

    package init() {}

    /// How values lie.
    package struct Spread: Sendable, Codable, Equatable {
        package var count: Int
        package var p50: Double
        package var p95: Double
        package var p99: Double
        package var worst: Double

        /// - Parameter values: nil comes of none.
        init?(_ values: [Double]) {
            let sorted = values.sorted()
            guard let last = sorted.last else { return nil }
            count = sorted.count
            func at(_ percent: Int) -> Double { sorted[min(sorted.count * percent / 100, sorted.count - 1)] }
            (p50, p95, p99, worst) = (at(50), at(95), at(99), last)
        }
    }

    /// Nobody was lost, the median answer came within `median` ms, and not one caller in twenty heard a gap.
    package func keeps(median: Double) -> Bool { lost == 0 && responseP50 <= median && gaps * 20 <= calls }

    /// Computes the figures of what is listed.
    package mutating func sum() {
        let responses = answers.map(\.after)
        self.responses = responses.count
        if let spread = Spread(responses) {
            (responseP50, responseP95, responseP99) = (spread.p50, spread.p95, spread.p99)
        }
        bargeInStop = Spread(stops)
        bargeInHold = Spread(holds)
    }

    /// One report of what several machines drove against one service at the same time.
    ///
    /// Of the service's own figures, which all of them saw alike, those of the machine that looked longest are kept;
    /// pacing is the worst that any saw.
    package init(merging reports: [LoadReport]) {
        // One that knows no bound was later than all that have one.
        let lateness = reports.map(\.beatP99)
        beatP99 = lateness.contains(nil) ? nil : lateness.compactMap(\.self).max()
        for report in reports {
            calls += report.calls
            lost += report.lost
            errors.merge(report.errors, uniquingKeysWith: +)
            gaps += report.gaps
            agentSeconds += report.agentSeconds
            beats += report.beats
            missedBeats += report.missedBeats
            worstBeat = max(worstBeat, report.worstBeat)
            if let one = report.isRealTime { isRealTime = one && isRealTime ?? true }
            answers += report.answers
            stops += report.stops
            holds += report.holds
            if let pacing = report.pacingError, pacing.p99 >= pacingError?.p99 ?? 0 { pacingError = pacing }
            if let seen = report.service, seen.seconds >= service?.seconds ?? 0 { service = seen }
        }
        // Of what no two machines can be put together, the worst.
        finalToModel = reports.compactMap(\.finalToModel).max { $0.p99 < $1.p99 }
        audioToCaller = reports.compactMap(\.audioToCaller).max { $0.p99 < $1.p99 }
        answers.sort { $0.at < $1.at }
        sum()
        service?.divide(among: calls)
    }
}
