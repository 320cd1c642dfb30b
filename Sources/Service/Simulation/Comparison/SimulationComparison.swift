/// Two runs of the same scenarios, before and after a change: what is another, and whether that can be chance.
///
/// Shares are compared by Newcombe's interval of a difference, medians by a bootstrap over scenarios.
/// docs/testing-agents.md says what that means.
package struct SimulationComparison: Sendable, Encodable {
    package enum Finding: String, Sendable, Encodable {
        case better, worse
        /// The interval holds zero: nothing is shown, which is not to say that nothing changed.
        case open = "no difference shown"
    }

    package struct Figure: Sendable, Encodable {
        package var name: String
        /// `ms`, or a share of cases.
        package var unit: String
        package var before: Double
        package var after: Double
        package var casesBefore: Int
        package var casesAfter: Int
        /// After less before, with its 95 % interval.
        package var difference: Interval
        package var finding: Finding

        init(
            _ name: String, _ unit: String, before: (value: Double, cases: Int), after: (value: Double, cases: Int),
            difference: Interval, isBetterLow: Bool
        ) {
            self.name = name
            self.unit = unit
            self.before = before.value
            self.after = after.value
            casesBefore = before.cases
            casesAfter = after.cases
            self.difference = difference
            finding = difference.excludesZero ? (difference.value < 0) == isBetterLow ? .better : .worse : .open
        }
    }

    /// A scenario whose verdict is another.
    package struct Change: Sendable, Encodable {
        package var scenario: String
        package var before: SimulationReport.Verdict
        package var after: SimulationReport.Verdict
        package var faults: [String]
    }

    package private(set) var scenarios = 0
    package private(set) var figures: [Figure] = []
    package private(set) var changes: [Change] = []
    /// Scenarios that only one of the two held; they are not compared.
    package private(set) var unmatched: [String] = []

    package init(before: SimulationResult, after: SimulationResult) {
        let (old, new) = (Self.byName(before), Self.byName(after))
        let names = old.keys.filter { new[$0] != nil }.sorted()
        unmatched = Set(old.keys).symmetricDifference(new.keys).sorted()
        scenarios = names.count
        let pairs = names.map { (before: old[$0] ?? [], after: new[$0] ?? []) }
        addShare("scenarios passed", pairs, isBetterLow: false) { cases in
            .init(count: cases.count { $0.faults.isEmpty }, of: cases.count)
        }
        func panel(_ cases: [SimulationResult.Case]) -> InteractionPanel { InteractionPanel(cases.map(\.timeline)) }
        addMedian("response latency", pairs) { panel($0).responseLatencies }
        addShare("response rate", pairs, isBetterLow: false) { panel($0).response }
        addMedian("yield latency", pairs) { panel($0).yieldLatencies }
        addShare("yield rate", pairs, isBetterLow: false) { panel($0).yield }
        addShare("agent interrupts caller", pairs, isBetterLow: true) { panel($0).agentInterrupts }
        for (meaning, name) in [
            (CallTimeline.Meaning.backchannel, "backchannels ignored"), (.tic, "vocal tics ignored"),
            (.sideTalk, "side talk ignored"),
        ] { addShare(name, pairs, isBetterLow: false) { panel($0).ignored[meaning] ?? .init() } }
        for (name, pair) in zip(names, pairs) {
            guard let was = pair.before.first, let isNow = pair.after.first, was.verdict != isNow.verdict else {
                continue
            }
            changes.append(
                Change(scenario: name, before: was.verdict, after: isNow.verdict, faults: isNow.faults))
        }
    }

    private typealias Pair = (before: [SimulationResult.Case], after: [SimulationResult.Case])

    /// A scenario that was held several times has several cases.
    private static func byName(_ result: SimulationResult) -> [String: [SimulationResult.Case]] {
        Dictionary(grouping: result.cases, by: \.name)
    }

    private mutating func addShare(
        _ name: String, _ pairs: [Pair], isBetterLow: Bool,
        _ rate: ([SimulationResult.Case]) -> InteractionPanel.Rate
    ) {
        let (before, after) = (rate(pairs.flatMap(\.before)), rate(pairs.flatMap(\.after)))
        guard let difference = Interval.difference(before, after), let was = before.value, let isNow = after.value
        else { return }
        figures.append(
            Figure(
                name, "share", before: (was, before.of), after: (isNow, after.of), difference: difference,
                isBetterLow: isBetterLow))
    }

    private mutating func addMedian(
        _ name: String, _ pairs: [Pair], _ values: ([SimulationResult.Case]) -> [Double]
    ) {
        let groups = pairs.map { (before: values($0.before), after: values($0.after)) }
        let (before, after) = (groups.flatMap(\.before), groups.flatMap(\.after))
        guard let difference = Bootstrap.medianDifference(groups), let was = RankStatistic.quantile(before, 0.5),
            let isNow = RankStatistic.quantile(after, 0.5)
        else { return }
        figures.append(
            Figure(
                name, "ms", before: (was, before.count), after: (isNow, after.count), difference: difference,
                isBetterLow: true))
    }

    /// Something is shown to be worse, or a scenario fails that did not.
    package var isRegression: Bool {
        figures.contains { $0.finding == .worse } || changes.contains { $0.after == .failed && $0.before != .failed }
    }

    /// In lines, for people.
    package var text: String {
        var lines = ["\(scenarios) scenarios in both"]
        if !unmatched.isEmpty { lines.append("in one only, not compared: \(unmatched.joined(separator: ", "))") }
        lines.append("")
        for figure in figures {
            let digits = figure.unit == "ms" ? 0 : 3
            func number(_ value: Double) -> String { DemoPrinter.fixed(value, digits) }
            func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + number(value) }
            let name = figure.name + String(repeating: " ", count: max(25 - figure.name.count, 1))
            let unit = figure.unit == "ms" ? " ms" : ""
            lines.append(
                "\(name)\(number(figure.before)) → \(number(figure.after))\(unit)  "
                    + "\(signed(figure.difference.value)) "
                    + "[\(signed(figure.difference.low)), \(signed(figure.difference.high))]  "
                    + "\(figure.finding.rawValue) (\(figure.casesBefore), \(figure.casesAfter) cases)")
        }
        if !changes.isEmpty { lines.append("") }
        for change in changes {
            lines.append("\(change.scenario): \(change.before.rawValue) → \(change.after.rawValue)")
            lines += change.faults.map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}
