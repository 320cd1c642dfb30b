import ArgumentParser
import Foundation
import Service
import Store

extension CallbackRecord.State: ExpressibleByArgument {}

/// `parley callbacks`
struct Callbacks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Calls that people who called were promised.", subcommands: [List.self, Cancel.self],
        defaultSubcommand: List.self)

    static func line(_ callback: CallbackRecord) -> String {
        // Nobody is called until its campaign is started again.
        let halt =
            callback.campaignState == "paused" && callback.contact == "waiting"
            ? "\(callback.campaign) is paused: \(callback.campaignReason ?? "no reason")" : nil
        let fate = [callback.contact, callback.outcome, halt].compactMap(\.self).joined(separator: ", ")
        return "\(callback.id)  \(callback.state.rawValue)\(fate.isEmpty ? "" : " (\(fate))")  \(callback.number)  "
            + "\(callback.dueAt.formatted(.iso8601))  of call \(callback.callID)  \(callback.note)"
    }

    /// `parley callbacks list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest promises first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Only those in this state.")
        var state: CallbackRecord.State?
        @Option(help: "How many.")
        var limit = 50
        @Flag(help: "Print one JSON array.")
        var json = false

        func run() async throws {
            let callbacks = try await Calls.store(common).callbacks(in: state, limit: limit)
            if json { return try Terminal.json(callbacks) }
            for callback in callbacks { Terminal.say(Callbacks.line(callback)) }
            if callbacks.isEmpty { Terminal.say("No callbacks.") }
        }
    }

    /// `parley callbacks cancel`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes a promise back; nobody is called.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The callback.")
        var id: String

        func run() async throws {
            do {
                let store = try Calls.store(common)
                guard try await store.cancel(callback: id, at: Date()) else {
                    Terminal.complain("The call is on its way, or over; `parley callbacks list` shows it.")
                    throw ExitCode.failure
                }
                await Terminal.note(.terminal("callbacks cancel", of: id), in: store)
                Terminal.say(Callbacks.line(try await store.callback(id: id)))
            } catch let code as ExitCode {
                throw code
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }
}
