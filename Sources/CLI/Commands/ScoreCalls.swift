import ArgumentParser
import Logging
import Service
import Store

/// `parley calls score`
struct ScoreCalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Scores calls that have ended by their agents' scorecards, anew.",
        discussion: "Asks the card's judge, where it has questions and its provider is configured.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "Calls, by their ids or the beginnings of them.")
    var ids: [String]
    @Flag(help: "Print one JSON array.")
    var json = false

    func run() async throws {
        do {
            let configuration = try common.load().configuration
            let store = try Calls.store(common)
            var calls: [String] = []
            for id in ids { calls.append(try await store.callID(withPrefix: id)) }
            let views = try await ScorecardDesk.score(
                calls, in: store, configuration: configuration, logger: Logger(label: "parley.scorecards")
            ) { id in await Terminal.note(.terminal("calls score", of: id), in: store) }
            try store.close()
            if json { return try Terminal.json(views) }
            for view in views { Terminal.say(view.text) }
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
