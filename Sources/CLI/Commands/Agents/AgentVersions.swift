import Agent
import ArgumentParser
import Foundation
import Logging
import Service
import Store

/// What the commands on versions share.
enum Versions {
    /// Works on the versions of the configuration's store; an exit with the reason where that cannot be.
    static func act(_ common: CommonOptions, _ body: (VersionOffice) async throws -> Void) async throws {
        let configuration = try common.load().configuration
        Observability.bootstrap(configuration, minimumLevel: .warning)
        do { try await body(VersionOffice(configuration)) } catch let code as ExitCode { throw code } catch let error
            as ValidationError
        { throw error } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    static func checked(_ note: String?) throws -> String? {
        guard (note?.count ?? 0) <= Store.longestVersionNote else {
            throw ValidationError("--note has \(Store.longestVersionNote) characters at most")
        }
        return note
    }

    /// Writes down what was done.
    static func note(_ act: String, of agent: String, _ detail: [String: String], in office: VersionOffice) async {
        await Terminal.note(.terminal("agent \(act)", of: agent, detail), in: office.store)
    }

    /// What takes calls now.
    static func say(_ standing: AgentStanding) {
        let trial = standing.trial.map { ", version \($0) takes \(standing.percent) of 100" } ?? ""
        Terminal.say("\(standing.agent): version \(standing.live) takes new calls\(trial)")
    }
}

/// `parley agent versions`
struct AgentVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract:
            "The published versions of an agent: which is live, what calls they took, how their error budgets stand.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Flag(help: "Print one JSON object, with what was done to them.")
    var json = false

    func run() async throws {
        try await Versions.act(common) { office in
            let list = try await office.list(name)
            if json { return try Terminal.json(list) }
            for line in VersionText.lines(list) { Terminal.say(line) }
        }
    }
}

/// `parley agent diff`
struct AgentDiff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What changed between two versions, or from the live one to the file.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Argument(help: "A version's number or the beginning of its hash; the live one when left out.")
    var from: String?
    @Argument(help: "Another one; the agent's file when left out.")
    var to: String?

    func run() async throws {
        try await Versions.act(common) { office in
            let diff = try await office.diff(name, from: from, to: to)
            let text = diff.text
            Terminal.say(text.isEmpty ? "\(diff.from) and \(diff.to) are the same." : String(text.dropLast()))
        }
    }
}

/// `parley agent rollback`
struct AgentRollBack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Gives new calls to an earlier version.",
        discussion: """
            Without a version a trial ends, or the version that was live before is taken, if it has not spent its error budget and \
            nobody has taken it off. \
            A version that is named gets a fresh error budget, also the live one.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Argument(help: "A version's number or the beginning of its hash.")
    var version: String?
    @Option(help: "A note for the record.")
    var note: String?
    @Option(help: "Who does it.")
    var by = ProcessInfo.processInfo.userName

    func run() async throws {
        try await Versions.act(common) { office in
            let standing = try await office.rollBack(name, to: version, by: by, note: try Versions.checked(note))
            await Versions.note("rollback", of: name, ["live": "\(standing.live)", "by": by], in: office)
            Versions.say(standing)
        }
    }
}

/// `parley agent split`
struct AgentSplit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Gives a version a share of the new calls.",
        discussion: "0 ends the trial, 100 makes the version the live one. Which calls it gets follows from their ids.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Argument(help: "A version's number or the beginning of its hash.")
    var version: String
    @Argument(help: "Of a hundred new calls, how many.")
    var percent: Int
    @Option(help: "Who does it.")
    var by = ProcessInfo.processInfo.userName

    func validate() throws {
        guard (0...100).contains(percent) else { throw ValidationError("the share must be from 0 to 100") }
    }

    func run() async throws {
        try await Versions.act(common) { office in
            let standing = try await office.split(name, to: version, percent: percent, by: by)
            await Versions.note(
                "split", of: name, ["version": version, "percent": "\(percent)", "by": by], in: office)
            Versions.say(standing)
        }
    }
}

/// `parley agent unpublish`
struct AgentUnpublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpublish", abstract: "Gives new calls back to the agent's file. Its versions are kept.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Option(help: "Who does it.")
    var by = ProcessInfo.processInfo.userName

    func run() async throws {
        try await Versions.act(common) { office in
            try await office.unpublish(name, by: by)
            await Versions.note("unpublish", of: name, ["by": by], in: office)
            Terminal.say("\(name): the file takes new calls")
        }
    }
}
