import Agent
import Foundation
import Yams

/// A YAML file as entries with their places.
struct ConfigurationDocument {
    private(set) var entries: [ConfigurationEntry] = []
    private(set) var faults: [ConfigurationFault] = []
    private let file: String

    /// - Parameter file: the name of the file for messages.
    init(_ bytes: Data, file: String) {
        self.file = file
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // A newline is never part of another character, so a line that is no UTF-8 by itself holds the fault.
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            faults.append(fault(line: bad + 1, "the line is not UTF-8; save the file as UTF-8"))
            return
        }
        do {
            switch try compose(text) {
            case nil: break
            case .mapping(let mapping): collect(mapping, at: [])
            case .scalar(let scalar) where scalar.isNothing: break
            case .some(let root):
                faults.append(fault(at: root.mark, "the file must consist of sections, such as `public:`"))
            }
        } catch {
            faults.append(fault(of: error, in: text))
        }
    }

    /// Composes; what is given twice is reported and renamed, because the parser stops there and the rest of the file is
    /// to be checked as well.
    private mutating func compose(_ original: String) throws -> Node? {
        var text = RepeatableLines(original)
        while true {
            do {
                return try Yams.compose(yaml: text.joined)
            } catch let YamlError.duplicatedKeysInMapping(names, context) {
                for name in names {
                    guard let place = text.renameSecond(name, fromLine: context.mark.line) else {
                        throw YamlError.duplicatedKeysInMapping(duplicates: names, context: context)
                    }
                    faults.append(
                        ConfigurationFault(
                            .file(file, line: place.line, column: place.column), key: name,
                            "is given twice in the same section; keep one of the two"))
                }
            }
        }
    }

    private mutating func collect(_ mapping: Node.Mapping, at path: [String]) {
        for (name, node) in mapping {
            guard case .scalar(let scalar) = name else {
                faults.append(fault(at: name.mark, "keys must be plain names"))
                continue
            }
            if scalar.string.hasPrefix(RepeatableLines.mark) { continue }
            let path = path + [scalar.string]
            let content: ConfigurationEntry.Content
            switch node {
            case .scalar(let value): content = value.isNothing ? .nothing : .text(value.string)
            case .mapping: content = .section
            case .sequence(let items):
                let texts = items.compactMap { if case .scalar(let value) = $0 { value.string } else { nil } }
                content = texts.count == items.count ? .texts(texts) : .list
            case .alias: content = .list
            }
            let mark = content == .section ? name.mark : node.mark ?? name.mark
            entries.append(ConfigurationEntry(path: path, content: content, origin: origin(at: mark)))
            if case .mapping(let inner) = node { collect(inner, at: path) }
        }
    }

    private func origin(at mark: Mark?) -> ConfigurationOrigin {
        .file(file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private func fault(at mark: Mark?, _ reason: String) -> ConfigurationFault {
        ConfigurationFault(origin(at: mark), reason)
    }

    private func fault(line: Int, _ reason: String) -> ConfigurationFault {
        ConfigurationFault(.file(file, line: line, column: 1), reason)
    }

    private func fault(of error: any Error, in text: String) -> ConfigurationFault {
        if let unreadable = UnreadableYAML(error) {
            return ConfigurationFault(
                .file(file, line: unreadable.line, column: unreadable.column), unreadable.reason)
        }
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(mark.line - 1).first
            if line?.prefix(while: \.isWhitespace).contains("\t") == true {
                return fault(at: mark, "the line is indented with a tab; YAML allows spaces only")
            }
            return fault(
                at: mark,
                "the YAML is invalid (\(problem)); check indentation, colons and quotes here and on the line before")
        case .duplicatedKeysInMapping(let names, let context):
            let list = names.map { "`\($0)`" }.joined(separator: ", ")
            return fault(
                at: context.mark, "in the section that begins here \(list) is given twice; keep one of the two")
        default:
            return fault(line: 1, "the YAML cannot be read: \(error)")
        }
    }
}

extension Node.Scalar {
    /// Whether nothing was written, or YAML's word for it.
    fileprivate var isNothing: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(string)
    }
}
