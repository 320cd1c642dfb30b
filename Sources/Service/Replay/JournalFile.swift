import CallSession
package import Foundation
import Store

/// A journal as a file, one JSON object a line: first the call and its settings, then an input a line.
package enum JournalFile {
    private static let format = "parley-journal/1"

    private struct Head: Codable {
        var format: String
        var call: String
        var isRedacted: Bool
        var settings: ConversationSettings
    }

    private struct Line: Codable {
        var sequence: Int
        var position: Int
        var event: ConversationEvent
        var decisions: [String]?
    }

    /// - Parameter isRedacted: takes out what was said; positions, kinds and confidences stay.
    package static func write(_ replay: CallReplay, isRedacted: Bool, to file: URL) throws {
        let shown = isRedacted ? JournalRedaction.redact(replay) : replay
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = try encoder.encode(
            Head(format: format, call: shown.call, isRedacted: isRedacted, settings: shown.settings))
        for input in shown.inputs {
            data.append(UInt8(ascii: "\n"))
            data += try encoder.encode(
                Line(
                    sequence: input.sequence, position: input.position, event: input.event, decisions: input.decisions))
        }
        data.append(UInt8(ascii: "\n"))
        try data.write(to: file, options: .atomic)
    }

    /// - Throws: ``CallReplay/Fault`` that says which line is wrong.
    package static func read(_ file: URL) throws(CallReplay.Fault) -> CallReplay {
        let lines: [Substring]
        do { lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n") } catch {
            throw CallReplay.Fault(reason: "\(file.path) cannot be read: \(error.localizedDescription)")
        }
        let decoder = JSONDecoder()
        guard let first = lines.first, let head = try? decoder.decode(Head.self, from: Data(first.utf8)),
            head.format == format
        else {
            throw CallReplay.Fault(
                reason:
                    "\(file.path) does not begin with a journal's settings; make one with `parley replay CALL --export`"
            )
        }
        var inputs: [CallReplay.Input] = []
        for (index, text) in lines.dropFirst().enumerated() {
            let line: Line
            do { line = try decoder.decode(Line.self, from: Data(text.utf8)) } catch {
                throw CallReplay.Fault(reason: "\(file.path), line \(index + 2), is no input of a journal: \(error)")
            }
            inputs.append(
                CallReplay.Input(
                    sequence: line.sequence, position: line.position, event: line.event, decisions: line.decisions))
        }
        return CallReplay(call: head.call, settings: head.settings, inputs: inputs)
    }
}
