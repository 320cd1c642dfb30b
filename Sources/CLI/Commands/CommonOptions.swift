import ArgumentParser
import Foundation
import Logging
import Service

/// What every command that reads the configuration takes.
struct CommonOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file. Default: config/parley.yaml where it exists.")
    var config: String?

    /// The configuration of file and environment, or an exit that lists all its faults.
    func load() throws -> LoadedConfiguration {
        do {
            return try ConfigurationLoader().load(file: config)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
    }
}

enum Terminal {
    /// Written at once, so that a pipe sees a call as it happens.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    static func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// Without a new line, for somebody to type after it.
    static func prompt(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// One object in one line.
    static func jsonLine(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
