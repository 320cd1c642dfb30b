import CallSession

/// What came of calls that were answered with greetings, and how it is told.
struct GreetingFigures: Sendable {
    struct Outcome: Sendable {
        var text: String
        var answerer: Answerer
        /// The last verdict of the call; `unsure` without one.
        var verdict = Answerer.unsure
        /// When it was known, in samples after the greeting's end; before it, less than nothing.
        var delay: Int?
        /// Why the agent hung up; nil where it did not.
        var hangUp: String?
        /// What the ears made of it, the words of each utterance.
        var heard: [String] = []
    }

    var outcomes: [Outcome] = []

    var right: Int { outcomes.count { $0.answerer == $0.verdict } }

    /// People whom the agent let go while they were on the line.
    var peopleHungUpOn: [Outcome] { outcomes.filter { $0.answerer == .person && $0.hangUp != nil } }

    func count(_ answerer: Answerer, takenFor verdict: Answerer) -> Int {
        outcomes.count { $0.answerer == answerer && $0.verdict == verdict }
    }

    /// When verdicts that were right were known, in milliseconds after the greeting's end: half of them by then, and all.
    func delays(ofPeople: Bool) -> (median: Int, worst: Int)? {
        let delays = outcomes.filter { ($0.answerer == .person) == ofPeople && $0.answerer == $0.verdict }
            .compactMap { $0.delay.map { $0 / 8 } }.sorted()
        guard let worst = delays.last else { return nil }
        return (delays[delays.count / 2], worst)
    }

    /// Two runs over the same greetings beside each other, in Markdown.
    static func table(written: GreetingFigures, heard: GreetingFigures) -> String {
        var lines = [
            "| is, and was taken for | " + Answerer.allCases.map(\.rawValue).joined(separator: " | ") + " |",
            "|" + String(repeating: "---|", count: Answerer.allCases.count + 1),
        ]
        // Nobody is unsure of themselves.
        for answerer in Answerer.allCases where answerer != .unsure {
            let cells = Answerer.allCases.map { verdict in
                let counts = [written, heard].map { $0.count(answerer, takenFor: verdict) }
                return counts == [0, 0] ? "–" : "\(counts[0]), \(counts[1])"
            }
            lines.append("| \(answerer.rawValue) | " + cells.joined(separator: " | ") + " |")
        }
        lines += ["", "| | words from the text | words heard |", "|---|---|---|"]
        func row(_ name: String, _ value: (GreetingFigures) -> String) {
            lines.append("| \(name) | \(value(written)) | \(value(heard)) |")
        }
        func delay(_ figures: GreetingFigures, ofPeople: Bool) -> String {
            figures.delays(ofPeople: ofPeople).map { "\($0.median), \($0.worst) ms" } ?? "–"
        }
        row("right") { "\($0.right) of \($0.outcomes.count) (\($0.right * 100 / max($0.outcomes.count, 1)) %)" }
        row("people hung up on") { "\($0.peopleHungUpOn.count)" }
        row("machines taken for people") { "\($0.count(.machine, takenFor: .person))" }
        row("verdict on people, after the greeting's end: half of them by, all by") { delay($0, ofPeople: true) }
        row("verdict on the others") { delay($0, ofPeople: false) }
        return lines.joined(separator: "\n")
    }

    /// What was not as it should be, a line each.
    var mistakes: String {
        outcomes.filter { $0.answerer != $0.verdict || ($0.answerer == .person && $0.hangUp != nil) }.map {
            "\($0.answerer.rawValue) taken for \($0.verdict.rawValue)"
                + ($0.hangUp.map { ", hung up: \($0)" } ?? "")
                + ": \($0.text) (heard: \($0.heard.joined(separator: " / ")))"
        }.joined(separator: "\n")
    }
}
