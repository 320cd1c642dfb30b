import Foundation
import Yams

/// A YAML text as nodes, with every fault of its form located.
struct YAMLDocument {
    /// Nil when the text is too broken to be read.
    let root: Node?
    let faults: [AgentFileFault]

    init(bytes: Data, file: String) {
        if let fault = Self.encodingFault(bytes, file: file) {
            self.init(root: nil, faults: [fault])
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.allSatisfy(\.isWhitespace) {
            let reason = "the file is empty; describe an agent in it, at least `name`, `kind` and `greeting`"
            self.init(root: nil, faults: [AgentFileFault(file: file, line: 1, column: 1, reason: reason)])
            return
        }
        let tabs = Self.tabFaults(text, file: file)
        // One tab breaks the parser; with spaces in its place the rest of the file can still be checked.
        let composed = Self.compose(tabs.isEmpty ? text : text.replacing("\t", with: "    "), file: file)
        var faults = tabs + (tabs.isEmpty || composed.root != nil ? composed.faults : [])
        if composed.root == nil, faults.isEmpty {
            faults = [
                AgentFileFault(file: file, line: 1, column: 1, reason: "the file has comments only, and says nothing")
            ]
        }
        self.init(root: composed.root, faults: faults)
    }

    private init(root: Node?, faults: [AgentFileFault]) {
        self.root = root
        self.faults = faults
    }

    private static func encodingFault(_ bytes: Data, file: String) -> AgentFileFault? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        // The first line that is no UTF-8 by itself holds the fault, for a newline never is part of another character.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        return AgentFileFault(
            file: file, line: bad + 1, column: 1,
            reason: "the line is not UTF-8; save the file as UTF-8")
    }

    private static func tabFaults(_ text: String, file: String) -> [AgentFileFault] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let indent = line.prefix { $0 == " " || $0 == "\t" }
            guard let tab = indent.firstIndex(of: "\t"), indent.count < line.count else { return nil }
            return AgentFileFault(
                file: file, line: index + 1, column: line.distance(from: line.startIndex, to: tab) + 1,
                reason: "the line is indented with a tab; YAML allows spaces only")
        }
    }

    /// Composes, and where keys are given twice renames the later ones so that the rest can be checked as well.
    private static func compose(_ original: String, file: String) -> (root: Node?, faults: [AgentFileFault]) {
        var text = original
        var faults: [AgentFileFault] = []
        while faults.count < 50 {
            do {
                return (try Yams.compose(yaml: text), faults)
            } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
                let start = context.mark.line
                var isRenamed = false
                for key in duplicates {
                    guard let line = secondLine(of: key, in: text, from: start) else { continue }
                    faults.append(
                        AgentFileFault(
                            file: file, line: line.number, column: line.column,
                            reason: "`\(key)` is given twice in the same place; keep one of the two"))
                    text.replaceSubrange(line.range, with: "\(Self.duplicateMark)\(faults.count)")
                    isRenamed = true
                }
                if !isRenamed {
                    let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
                    faults.append(
                        AgentFileFault(
                            file: file, line: start, column: context.mark.column,
                            reason: "\(names) is given twice in the same place; keep one of the two"))
                    return (nil, faults)
                }
            } catch let error as YamlError {
                return (nil, faults + [fault(of: error, file: file)])
            } catch {
                return (nil, faults + [AgentFileFault(file: file, reason: "cannot be read as YAML: \(error)")])
            }
        }
        return (nil, faults)
    }

    /// Begins the name that a repeated key is given; readers pass over such keys.
    static let duplicateMark = "__given_twice_"

    private static func secondLine(
        of key: String, in text: String, from start: Int
    ) -> (number: Int, column: Int, range: Range<String.Index>)? {
        var firstIndent: Int?
        var number = 0
        var lineStart = text.startIndex
        while lineStart < text.endIndex {
            number += 1
            let lineEnd = text[lineStart...].firstIndex(of: "\n") ?? text.endIndex
            let line = text[lineStart..<lineEnd]
            let indentEnd = line.firstIndex { $0 != " " && $0 != "-" } ?? line.endIndex
            let indent = line.distance(from: line.startIndex, to: indentEnd)
            let content = line[indentEnd...]
            if number >= start, content.hasPrefix(key), content.dropFirst(key.count).first == ":" {
                if firstIndent == nil {
                    firstIndent = indent
                } else if firstIndent == indent {
                    return (number, indent + 1, indentEnd..<line.index(indentEnd, offsetBy: key.count))
                }
            }
            lineStart = lineEnd < text.endIndex ? text.index(after: lineEnd) : text.endIndex
        }
        return nil
    }

    private static func fault(of error: YamlError, file: String) -> AgentFileFault {
        if let unreadable = UnreadableYAML(error) {
            return AgentFileFault(
                file: file, line: unreadable.line, column: unreadable.column, reason: unreadable.reason)
        }
        return switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            AgentFileFault(
                file: file, line: mark.line, column: mark.column,
                reason:
                    "the YAML is invalid: \(problem); check indentation, colons and quotes here and on the line before")
        case .reader(let problem, _, _, _):
            AgentFileFault(file: file, reason: "the YAML cannot be read: \(problem)")
        default:
            AgentFileFault(file: file, reason: "the YAML is invalid: \(error)")
        }
    }
}
