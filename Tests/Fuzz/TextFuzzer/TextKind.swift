import Agent
import Campaigns
import Foundation
import Service
import Telephony

/// A kind of text that comes from outside, and what must hold of whatever reads it.
enum TextKind: String, CaseIterable {
    /// A carrier's request body.
    case form
    /// An argument, an answer, a result.
    case json
    /// An agent's file.
    case agent
    /// A connector's file.
    case connector
    /// A written conversation of an agent's tests.
    case script
    /// The service's configuration.
    case configuration
    /// A list of contacts.
    case table

    func read(_ bytes: [UInt8]) {
        switch self {
        case .form:
            guard let form = try? FormBody(decoding: bytes) else { return }
            // What was read can be written and read again, and is the same.
            let again = try? FormBody(decoding: form.encoded())
            precondition(again == form, "a form changes by being written")
        case .json:
            guard let value = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
            let again = try? JSONValue(parsing: value.text)
            precondition(again?.text == value.text, "a JSON value changes by being written")
        case .agent:
            let yaml = Data(bytes)
            do {
                _ = try AgentDefinition(yaml: yaml, file: "agent.yaml") { _ in Data("- words\n".utf8) }
            } catch { Self.check(error, lines: bytes) }
            _ = AgentDefinition.overlaps(yaml: yaml, file: "agent.yaml")
        case .connector:
            do { _ = try Connector(yaml: Data(bytes), file: "tool.yaml", environment: [:]) } catch {
                Self.check(error, lines: bytes)
            }
        case .script:
            do { _ = try ConversationScript(yaml: Data(bytes), file: "script.yaml") } catch {
                Self.check(error, lines: bytes)
            }
        case .configuration:
            let loader = ConfigurationLoader(environment: [:], isReadable: { _ in false })
            do { _ = try loader.read(Data(bytes), file: "parley.yaml") } catch {
                precondition(!"\(error)".isEmpty, "a fault without a word")
            }
        case .table:
            let dialect = CSVDialect(detecting: Array(bytes.prefix(4096)))
            let whole = Self.records(of: [bytes[...]], dialect)
            let middle = bytes.count / 2
            let parts = Self.records(of: [bytes[..<middle], bytes[middle...]], dialect)
            precondition(whole == parts, "a table depends on how its bytes arrive")
        }
    }

    /// Every fault names a line that the file has, or is of the file as a whole (0).
    private static func check(_ errors: AgentFileErrors, lines bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).count
        precondition(!errors.faults.isEmpty, "an error without a fault")
        for fault in errors.faults {
            precondition((0...lines + 1).contains(fault.line), "a fault in line \(fault.line) of \(lines)")
            precondition(!fault.reason.isEmpty, "a fault without a reason")
        }
    }

    private static func records(of pieces: [ArraySlice<UInt8>], _ dialect: CSVDialect) -> [CSVParser.Record] {
        var parser = CSVParser(dialect)
        var records = pieces.flatMap { parser.parse($0) }
        if let last = parser.finish() { records.append(last) }
        return records
    }
}
