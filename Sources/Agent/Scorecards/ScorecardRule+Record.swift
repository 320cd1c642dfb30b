/// Rules about what was done, and about times.
extension ScorecardRule {
    private static func evidence(_ tool: ScoredCall.Tool) -> ScorecardVerdict.Evidence {
        let result = tool.succeeded.map { $0 ? "succeeded" : "failed" } ?? "had no end"
        return ScorecardVerdict.Evidence(turn: tool.turn, quote: "\(tool.name) \(result)")
    }

    static func called(_ name: String, wanted: Bool, on call: ScoredCall) -> Result {
        let calls = call.tools.filter { $0.name == name }
        let reason =
            calls.isEmpty
            ? "\(name) was not called" : "\(name) was called \(calls.count == 1 ? "once" : "\(calls.count) times")"
        return .decided(calls.isEmpty != wanted, reason, calls.prefix(mostEvidence).map(evidence))
    }

    static func succeeded(_ name: String, on call: ScoredCall) -> Result {
        let calls = call.tools.filter { $0.name == name }
        guard let last = calls.last else { return .notApplicable("\(name) was not called") }
        return .decided(
            last.succeeded == true,
            last.succeeded == true ? "\(name) succeeded" : "\(name) did not succeed in the end",
            calls.suffix(mostEvidence).map(evidence))
    }

    static func word(_ what: String, _ word: String, among words: [String]) -> Result {
        .decided(words.contains(word), "the \(what) is \(word)", [ScorecardVerdict.Evidence(quote: word)])
    }

    static func responses(below limit: Int, on call: ScoredCall) -> Result {
        let timed = call.turns.filter { $0.latency != nil }.sorted { ($0.latency ?? 0) < ($1.latency ?? 0) }
        guard !timed.isEmpty else { return .notApplicable("no turn was answered") }
        // The nearest rank.
        let turn = timed[(timed.count * 95 + 99) / 100 - 1]
        let value = turn.latency ?? 0
        return .decided(
            value < limit, "95 of 100 of \(timed.count) answers came within \(value) ms",
            [ScorecardVerdict.Evidence(turn, figure: Double(value), unit: "ms")])
    }

    static func interruptions(atMost most: Int, on call: ScoredCall) -> Result {
        guard let counts = call.interaction, counts.agentStarts > 0 else {
            return .notApplicable("nobody has counted when the agent began to speak")
        }
        let times = counts.overCaller == 1 ? "once" : "\(counts.overCaller) times"
        return .decided(
            counts.overCaller <= most,
            counts.overCaller == 0
                ? "the agent never began while the caller was speaking"
                : "the agent began \(times) while the caller was speaking",
            [ScorecardVerdict.Evidence(figure: Double(counts.overCaller), unit: "times")])
    }

    static func yields(below limit: Int, on call: ScoredCall) -> Result {
        guard let counts = call.interaction, counts.bargeIns > 0 else {
            return .notApplicable("the caller did not interrupt the agent")
        }
        let worst = counts.yields.max()
        let evidence = worst.map { [ScorecardVerdict.Evidence(figure: Double($0), unit: "ms")] } ?? []
        let missed = counts.bargeIns - counts.yields.count
        guard missed <= 0 else {
            return .fail("the agent spoke on over \(missed) of \(counts.bargeIns) interruptions", evidence)
        }
        return .decided((worst ?? 0) < limit, "the agent fell silent within \(worst ?? 0) ms", evidence)
    }

    static func silence(below limit: Int, on call: ScoredCall) -> Result {
        let turns = call.turns.filter { $0.ended != nil }
        guard turns.count > 1 else { return .notApplicable("there are no two turns to be silent between") }
        var worst = 0
        var place = turns[0]
        var end = turns[0].ended ?? 0
        for turn in turns.dropFirst() {
            if turn.started - end > worst { (worst, place) = (turn.started - end, turn) }
            end = max(end, turn.ended ?? end)
        }
        let seconds = Double(worst) / 1000
        return .decided(
            worst < limit, "the longest silence was \(seconds) s",
            [ScorecardVerdict.Evidence(place, figure: seconds, unit: "s")])
    }

    static func length(in range: ClosedRange<Int>, on call: ScoredCall) -> Result {
        let seconds = Double(call.length) / 1000
        return .decided(
            range.contains(call.length), "the call lasted \(seconds) s",
            [ScorecardVerdict.Evidence(figure: seconds, unit: "s")])
    }
}
