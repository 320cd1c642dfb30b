package import Foundation
import Yams

extension AgentDefinition {
    /// Examples that two intents share but for small words and their order, each with its line: a classifier cannot
    /// tell them apart, and neither could a person.
    ///
    /// `inform` and `correction` overlap others by their nature: which of them is meant, the open question tells.
    /// Examples that are the same word for word are faults of the file itself, so that it is not even read.
    ///
    /// - Parameter bytes: the agent's file.
    package static func overlaps(yaml bytes: Data, file: String) -> [AgentFileFault] {
        guard let intents = YAMLDocument(bytes: bytes, file: file).root?.mapping?["intents"]?.mapping else { return [] }
        var owners: [Set<String>: (intent: String, text: String, line: Int)] = [:]
        var faults: [AgentFileFault] = []
        for (key, value) in intents {
            guard let intent = key.scalar?.string, !["inform", "correction"].contains(intent),
                let examples = value.sequence
            else { continue }
            for example in examples {
                guard let text = example.scalar?.string else { continue }
                let words = Self.meaningfulWords(text)
                guard words.count >= 2 else { continue }
                let (line, column) = (example.mark?.line ?? 0, example.mark?.column ?? 0)
                guard let owner = owners[words] else {
                    owners[words] = (intent, text, line)
                    continue
                }
                guard owner.intent != intent else { continue }
                faults.append(
                    AgentFileFault(
                        file: file, line: line, column: column,
                        reason:
                            "\"\(text)\" of the intent \(intent) overlaps \"\(owner.text)\" of \(owner.intent) in line \(owner.line); keep one of the two or make them differ"
                    ))
            }
        }
        return faults
    }

    /// The words of an example that carry its meaning, values as they are written.
    private static func meaningfulWords(_ text: String) -> Set<String> {
        var words: Set<String> = []
        for piece in text.split(separator: " ") {
            if piece.hasPrefix("{") {
                words.insert(String(piece))
            } else {
                words.formUnion(SpokenText.essential(SpokenText.words(String(piece))))
            }
        }
        return words.subtracting(IntentClassifier.smallWords)
    }
}
