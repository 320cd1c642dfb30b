/// How well the agent takes turns, from timelines of calls. docs/testing-agents.md defines each figure.
package struct InteractionPanel: Sendable, Equatable, Encodable {
    /// A share of cases.
    package struct Rate: Sendable, Equatable, Codable {
        package var count = 0
        package var of = 0

        /// 0...1; nil without a case.
        package var value: Double? { of == 0 ? nil : Double(count) / Double(of) }

        mutating func add(_ holds: Bool) {
            of += 1
            if holds { count += 1 }
        }
    }

    /// From the end of a caller's turn to the agent's first sound, in ms, in order of size.
    package private(set) var responseLatencies: [Double] = []
    /// From the beginning of an interruption to the agent's silence, in ms, in order of size.
    package private(set) var yieldLatencies: [Double] = []
    /// Turns that were answered.
    package private(set) var response = Rate()
    /// Interruptions for which the agent fell silent.
    package private(set) var yield = Rate()
    /// Turns into which the agent spoke.
    package private(set) var agentInterrupts = Rate()
    /// Sounds that mean nothing to the agent and were ignored, by their meaning.
    package private(set) var ignored: [CallTimeline.Meaning: Rate] = [:]

    /// An answer that takes longer is none: 4 s.
    static let answerLimit = 32_000
    /// An agent that speaks on for longer does not yield: 1 s.
    static let yieldLimit = 8000
    /// Sooner than this after the caller begins, agent and caller began together: 200 ms.
    static let simultaneous = 1600
    /// Later than this after a sound, what the agent does has another cause: 1 s.
    static let consequence = 8000

    /// - Parameter calls: any number of them; the cases of all count alike.
    package init(_ calls: [CallTimeline]) {
        for call in calls { add(call) }
        responseLatencies.sort()
        yieldLatencies.sort()
    }

    private mutating func add(_ call: CallTimeline) {
        for (index, sound) in call.caller.enumerated() {
            if sound.meaning.isToBeIgnored {
                ignored[sound.meaning, default: Rate()].add(!Self.isHeeded(sound, in: call))
                continue
            }
            let next = call.caller[(index + 1)...].first { !$0.meaning.isToBeIgnored }
            let over = call.agent.first { $0.start < sound.start && $0.end > sound.start }
            // A goodbye is for nobody's interruption, and neither is the announcement of a transfer.
            if let over, sound.start < call.ending ?? .max { addYield(over, to: sound) }
            // The caller's own interruption is no turn that the agent breaks into.
            agentInterrupts.add(
                call.agent.contains { $0.start > sound.start + Self.simultaneous && $0.start < sound.end })
            let limit = min(sound.end + Self.answerLimit, next?.start ?? .max)
            // Nobody can tell what would have been answered after the end of the call.
            let answer = call.agent.first { $0.start >= sound.end && $0.start <= limit }
            guard answer != nil || call.length > sound.end + Self.answerLimit || next != nil else { continue }
            response.add(answer != nil)
            if let answer { responseLatencies.append(Double(answer.start - sound.end) / 8) }
        }
    }

    private mutating func addYield(_ stretch: CallTimeline.Stretch, to sound: CallTimeline.Sound) {
        let wait = stretch.end - sound.start
        yield.add(wait <= Self.yieldLimit)
        if wait <= Self.yieldLimit { yieldLatencies.append(Double(wait) / 8) }
    }

    /// Whether a sound that means nothing stopped the agent or was taken for a turn.
    private static func isHeeded(_ sound: CallTimeline.Sound, in call: CallTimeline) -> Bool {
        call.abandoned.contains { $0 >= sound.start && $0 <= sound.end + consequence }
            || call.taken.contains { $0.start < sound.end && $0.end > sound.start }
    }

    package static func median(_ sorted: [Double]) -> Double? { sorted.isEmpty ? nil : sorted[sorted.count / 2] }

    /// In lines, for people.
    package var text: String {
        func rate(_ rate: Rate) -> String {
            rate.value.map { "\(DemoPrinter.fixed($0, 2)) (\(rate.count) of \(rate.of))" } ?? "no case"
        }
        func latency(_ sorted: [Double]) -> String {
            guard let median = Self.median(sorted), let worst = sorted.last else { return "no case" }
            return "\(Int(median)) ms median, \(Int(worst)) ms at worst (\(sorted.count))"
        }
        var lines = [
            "response latency         \(latency(responseLatencies))", "response rate            \(rate(response))",
            "yield latency            \(latency(yieldLatencies))", "yield rate               \(rate(yield))",
            "agent interrupts caller  \(rate(agentInterrupts))",
        ]
        for (meaning, name) in [
            (CallTimeline.Meaning.backchannel, "backchannels ignored     "), (.tic, "vocal tics ignored       "),
            (.sideTalk, "side talk ignored        "),
        ] { lines.append(name + rate(ignored[meaning] ?? Rate())) }
        return lines.joined(separator: "\n")
    }
}

extension InteractionPanel {
    private enum Key: String, CodingKey {
        case responseLatency, yieldLatency, responseRate, yieldRate, agentInterruptsCaller, ignored
    }

    private enum Summary: String, CodingKey { case median, worst, cases }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (key, values) in [(Key.responseLatency, responseLatencies), (.yieldLatency, yieldLatencies)] {
            var summary = container.nestedContainer(keyedBy: Summary.self, forKey: key)
            try summary.encode(Self.median(values), forKey: .median)
            try summary.encode(values.last, forKey: .worst)
            try summary.encode(values.count, forKey: .cases)
        }
        try container.encode(response, forKey: .responseRate)
        try container.encode(yield, forKey: .yieldRate)
        try container.encode(agentInterrupts, forKey: .agentInterruptsCaller)
        try container.encode(
            Dictionary(uniqueKeysWithValues: ignored.map { ($0.key.rawValue, $0.value) }), forKey: .ignored)
    }
}
