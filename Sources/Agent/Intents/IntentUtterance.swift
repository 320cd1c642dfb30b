/// One line of `Benchmarks/intents/utterances.tsv`: what a caller says, and what it means.
package struct IntentUtterance: Sendable, Equatable {
    /// Learned from rather than measured with.
    package var isTraining: Bool
    /// Who is called; nil for the sentences that belong to no shipped agent.
    package var agent: String?
    /// What had been asked: `open`, `confirm`, or what a slot is called.
    package var question: String
    package var intent: String
    /// Words were lost, mistaken or added, as recognizers do.
    package var isNoisy: Bool
    package var text: String

    /// Why a line cannot be read.
    package struct Fault: Error, CustomStringConvertible {
        package var line: Int
        package var reason: String
        package var description: String { "line \(line): \(reason)" }
    }

    static let columns = ["split", "agent", "question", "intent", "noise", "text"]

    /// Reads a file of tab-separated columns, the first line naming them.
    package static func read(_ file: String) throws(Fault) -> [IntentUtterance] {
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.split(separator: "\t").map(String.init) == columns else {
            throw Fault(line: 1, reason: "must name the columns \(columns.joined(separator: ", ")), with tabs between")
        }
        var utterances: [IntentUtterance] = []
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == columns.count else {
                throw Fault(line: index + 1, reason: "has \(cells.count) columns instead of \(columns.count)")
            }
            guard ["train", "held"].contains(cells[0]), ["yes", "no"].contains(cells[4]) else {
                throw Fault(line: index + 1, reason: "`split` is train or held, and `noise` is yes or no")
            }
            utterances.append(
                IntentUtterance(
                    isTraining: cells[0] == "train", agent: cells[1] == "-" ? nil : cells[1], question: cells[2],
                    intent: cells[3], isNoisy: cells[4] == "yes", text: cells[5]))
        }
        return utterances
    }
}
