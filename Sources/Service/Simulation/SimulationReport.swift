import CallSession
import Foundation

/// What a run of scenarios came to.
package struct SimulationReport: Sendable, Encodable {
    package enum Verdict: String, Sendable, Codable {
        case passed
        case failed
        /// Fails, as its file says it does.
        case failsAsExpected = "fails as expected"
        /// Its file says that it fails, and it does not.
        case passedUnexpectedly = "passed unexpectedly"
    }

    package struct Case: Sendable, Encodable {
        package var name: String
        package var summary: String
        package var agent: String
        package var verdict: Verdict
        /// What was not as expected.
        package var faults: [String]
        /// Why the file says that it fails.
        package var knownFailure: String?
        package var endReason: String
        /// Seconds of the call.
        package var duration: Double
        /// Seconds that it took to hold in virtual time; nil in real time.
        package var took: Double?
        package var panel: InteractionPanel
        package var timeline: CallTimeline
        package var incidents: [String]
        /// The call as it went, in lines.
        package var story: [String]
        /// Left: caller, right: agent.
        package var audio: String?

        init(
            _ scenario: Scenario, _ outcome: ScenarioOutcome, _ record: ScenarioCall.Record,
            _ heard: SimulatedCaller.Heard, knownFailure: String?
        ) {
            name = scenario.name
            summary = scenario.summary
            agent = scenario.agent
            faults = scenario.expectations.faults(of: outcome)
            self.knownFailure = knownFailure
            verdict =
                switch (faults.isEmpty, knownFailure == nil) {
                case (true, true): .passed
                case (false, true): .failed
                case (false, false): .failsAsExpected
                case (true, false): .passedUnexpectedly
                }
            endReason = outcome.endReason
            duration = Double(heard.length) / 8000
            panel = outcome.panel
            timeline = CallTimeline(record, heard)
            incidents = record.incidents
            story = record.lines
        }

        /// `passed  books-an-appointment  31.2 s`, and what was not as expected.
        package var text: String {
            let taken = took.map { " in \(DemoPrinter.fixed($0, 2)) s" } ?? ""
            var lines = ["\(verdict.rawValue)  \(name)  \(DemoPrinter.fixed(duration, 1)) s\(taken)"]
            lines += faults.map { "    \($0)" }
            if verdict == .failed { lines += story.map { "    | \($0)" } }
            if let knownFailure, !faults.isEmpty { lines.append("    known: \(knownFailure)") }
            return lines.joined(separator: "\n")
        }
    }

    package let cases: [Case]
    package let panel: InteractionPanel

    package init(cases: [Case]) {
        self.cases = cases
        panel = InteractionPanel(cases.map(\.timeline))
    }

    package func count(_ verdict: Verdict) -> Int { cases.count { $0.verdict == verdict } }

    package var isSuccess: Bool { count(.failed) == 0 }

    /// The last lines, for people.
    package var text: String {
        let counts = [Verdict.passed, .failed, .failsAsExpected, .passedUnexpectedly].map {
            "\(count($0)) \($0.rawValue)"
        }
        var text = "\(cases.count) scenarios: \(counts.joined(separator: ", "))"
        let took = cases.reduce(0) { $0 + ($1.took ?? 0) }
        if took > 0 {
            let length = cases.reduce(0) { $0 + $1.duration }
            text += "; \(DemoPrinter.fixed(length, 0)) s of calls in \(DemoPrinter.fixed(took, 1)) s"
        }
        return "\(text)\n\n\(panel.text)"
    }

    /// As JUnit's XML, which CI systems read.
    package var junit: String {
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuite name=\"parley simulate\" tests=\"\(cases.count)\" failures=\"\(count(.failed))\" "
                + "skipped=\"\(count(.failsAsExpected))\" time=\"\(DemoPrinter.fixed(cases.reduce(0) { $0 + $1.duration }, 3))\">",
        ]
        for one in cases {
            lines.append(
                "  <testcase classname=\"\(Self.escaped(one.agent))\" name=\"\(Self.escaped(one.name))\" "
                    + "time=\"\(DemoPrinter.fixed(one.duration, 3))\">")
            let faults = Self.escaped(one.faults.joined(separator: "; "))
            switch one.verdict {
            case .failed:
                lines.append(
                    "    <failure message=\"\(faults)\">\(Self.escaped(one.story.joined(separator: "\n")))</failure>")
            case .failsAsExpected:
                lines.append("    <skipped message=\"\(Self.escaped(one.knownFailure ?? "")): \(faults)\"/>")
            case .passed, .passedUnexpectedly: break
            }
            lines.append("  </testcase>")
        }
        lines.append("</testsuite>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Characters that XML has no place for are left out.
    private static func escaped(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" || $0 == "\t" }))
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
