import ArgumentParser
import Foundation
import Service
import Store

extension VoicemailRecord.State: ExpressibleByArgument {}

/// `parley voicemails`
struct Voicemails: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Messages that callers left whom nobody could help.", subcommands: [List.self, Heard.self],
        defaultSubcommand: List.self)

    static func line(_ message: VoicemailRecord) -> String {
        let place = message.recordedFrom.map { from in
            "  recording \(Int(from))-\(Int((message.recordedTo ?? from).rounded(.up))) s"
        }
        let words = message.words.isEmpty ? "(no words were understood)" : "\"\(message.words)\""
        return "\(message.callID)  \(message.state.rawValue)  \(message.number.isEmpty ? "withheld" : message.number)  "
            + "\(message.begunAt.formatted(.iso8601))  \(words)\(place ?? "")"
    }

    /// `parley voicemails list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest messages first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Only those in this state.")
        var state: VoicemailRecord.State?
        @Option(help: "How many.")
        var limit = 50
        @Flag(help: "Print one JSON array.")
        var json = false

        func run() async throws {
            let messages = try await Calls.store(common).voicemails(in: state, limit: limit)
            if json { return try Terminal.json(messages) }
            for message in messages { Terminal.say(Voicemails.line(message)) }
            if messages.isEmpty { Terminal.say("No messages.") }
        }
    }

    /// `parley voicemails heard`
    struct Heard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Marks a message as heard.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The call that it was left on.")
        var call: String
        @Option(help: "Who has heard it.")
        var by = ProcessInfo.processInfo.userName

        func run() async throws {
            do {
                let message = try await Calls.store(common).markHeard(voicemail: call, by: by, at: Date())
                Terminal.say(Voicemails.line(message))
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }
}
