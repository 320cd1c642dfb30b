import ArgumentParser
import Campaigns
import Foundation
import Logging
import Service
import Store

/// `parley team`
struct Teams: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "What agents do before and after a call, step by step.",
        subcommands: [List.self, Start.self, Show.self, Cancel.self, Work.self], defaultSubcommand: List.self)

    /// Runs `body`, and ends with what is wrong in words.
    fileprivate static func report(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let exit as ExitCode { throw exit } catch let wrong as ValidationError {
            throw wrong
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    fileprivate static func show(_ run: TeamRunRecord, json: Bool) throws {
        if json { return try Terminal.json(run) }
        for line in TeamText.lines(run) { Terminal.say(line) }
    }

    /// `parley team list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest runs first, with their steps.")

        @OptionGroup var common: CommonOptions
        @Option(help: "How many.")
        var limit = 20
        @Flag(help: "Print one JSON array.")
        var json = false

        func run() async throws {
            try await Teams.report {
                let runs = try await Calls.store(common).teamRuns(limit: limit)
                if json { return try Terminal.json(runs) }
                for run in runs { try Teams.show(run, json: false) }
                if runs.isEmpty { Terminal.say("No runs.") }
            }
        }
    }

    /// `parley team show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One run with its steps.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The run.")
        var id: String
        @Flag(help: "Print one JSON object, with every step's calls of tools.")
        var json = false

        func run() async throws {
            try await Teams.report { try Teams.show(try await Calls.store(common).teamRun(id: id), json: json) }
        }
    }

    /// `parley team cancel`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begins no more steps of a run, and no call of it; what is under way comes to its end.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The run.")
        var id: String
        @Option(help: "Who cancels.")
        var by = ProcessInfo.processInfo.userName

        func run() async throws {
            try await Teams.report {
                let store = try Calls.store(common)
                guard try await TeamOffice(store: store).cancel(id, by: by) else {
                    Terminal.complain("\(id) is over already")
                    throw ExitCode.failure
                }
                await Terminal.note(.terminal("team cancel", of: id, ["by": by]), in: store)
                try Teams.show(try await store.teamRun(id: id), json: false)
            }
        }
    }

    /// `parley team start`
    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begins the work around one call; the running service does it, or this command with --now.",
            discussion:
                "Without --to only the steps before the call are done. With --to the call is placed by `parley serve`, through the same gate as a campaign's."
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The agent whose file says what is done.")
        var agent: String
        @Option(name: .customLong("var"), help: "What the tasks need: name=value. May be repeated.")
        var variables: [String] = []
        @Option(help: "The number to call.")
        var to: String?
        @Option(help: "The number to call from.")
        var from: String?
        @Option(help: "The business in whose name is called, as the agent's greeting says it.")
        var seller: String?
        @Option(help: "informational, telemarketing or emergency.")
        var purpose = "informational"
        @Option(help: "The consent you have: express or written.")
        var consent = "express"
        @Option(help: "Where the proof of the consent is.")
        var consentSource: String?
        @Option(help: "Of a number without a country code.")
        var country = "US"
        @Option(help: "The same key begins one run, however often it is asked for.")
        var key: String?
        @Flag(help: "Do here and now what can be done.")
        var now = false
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let dial = try dial()
            let variables = try variables.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("--var is name=value, not \"\(text)\"") }
                return (parts[0], parts[1])
            }
            try await Teams.report {
                try await TeamWork.run(common, works: now) { bench in
                    let run = try await TeamOffice(store: bench.store).begin(
                        try bench.agent(agent), variables: Dictionary(variables) { $1 }, dial: dial, key: key)
                    await Terminal.note(.terminal("team start", of: run.id, ["agent": agent]), in: bench.store)
                    return [run.id]
                } shown: {
                    try Teams.show($0, json: json)
                }
            }
        }

        private func dial() throws -> TeamDial? {
            guard let to else {
                guard from == nil, seller == nil, consentSource == nil else {
                    throw ValidationError("--from, --seller and --consent-source belong to --to")
                }
                return nil
            }
            guard let from, let seller, let consentSource else {
                throw ValidationError("--to needs --from, --seller and --consent-source")
            }
            guard let purpose = CallPurpose(rawValue: purpose) else {
                throw ValidationError("--purpose is informational, telemarketing or emergency")
            }
            guard let consent = ConsentRecord.Kind(rawValue: consent) else {
                throw ValidationError("--consent is express or written")
            }
            return TeamDial(
                number: to, callerID: from, seller: seller, purpose: purpose, consent: consent,
                consentSource: consentSource, country: country)
        }
    }

    /// `parley team work`
    struct Work: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Does what can be done now, and what a process that died has left. The service does so by itself.",
            discussion:
                "It works with the agents' files as they are. Calls that have ended are followed by the service only."
        )

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print one JSON object for each run.")
        var json = false

        func run() async throws {
            try await Teams.report {
                try await TeamWork.run(common, works: true) { bench in
                    try await bench.store.openTeamRuns()
                } shown: {
                    try Teams.show($0, json: json)
                }
            }
        }
    }
}

/// The work of `start --now` and `work`.
private enum TeamWork {
    static func run(
        _ common: CommonOptions, works: Bool, _ begin: (AgentBench) async throws -> [String],
        shown: (TeamRunRecord) throws -> Void
    ) async throws {
        let bench = try await Agents.bench(common)
        let runs: [TeamRunRecord]
        do {
            let ids = try await begin(bench)
            if works {
                let runner = TeamRunner(
                    store: bench.store, workshop: bench.workshop(), mask: bench.configuration.privacy.mask,
                    logger: Logger(label: "parley.team"))
                await runner.work(on: ids)
            }
            var found: [TeamRunRecord] = []
            for id in ids { found.append(try await bench.store.teamRun(id: id)) }
            runs = found
        } catch {
            await bench.close()
            throw error
        }
        await bench.close()
        for run in runs { try shown(run) }
        if runs.contains(where: { $0.state == .failed }) { throw ExitCode.failure }
    }
}
