import ArgumentParser
import Foundation
import Service
import Store

extension APIKeyRecord.Scope: ExpressibleByArgument {}

/// `parley keys`
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes, lists and revokes keys of the console and the API.",
        discussion: """
            viewers look and listen, operators also act on calls, admins also manage keys. Once a key was made, nobody gets in \
            without one.
            """,
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    /// `parley keys create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A new key, shown this once.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Who or what gets it.")
        var name: String
        @Option(help: "What its holder may do: viewer, operator or admin.")
        var scope = APIKeyRecord.Scope.viewer
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...80).contains(name.count) else { throw ValidationError("--name has 1 to 80 characters") }
        }

        func run() async throws {
            let (key, record) = KeyRing.make(name: name, scope: scope, at: Date())
            try await Store(try common.load().configuration.store).add(
                record, audit: .terminal("keys create", of: record.id, ["name": name, "scope": scope.rawValue]))
            if json {
                try Terminal.json(["id": record.id, "key": key, "name": name, "scope": scope.rawValue])
            } else {
                Terminal.say(key)
                Terminal.complain("Keep it: only its hash is stored. Revoke it with `parley keys revoke \(record.id)`.")
            }
        }
    }

    /// `parley keys list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All keys, without what makes them work.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let keys = try await Calls.store(common).keys()
            if json { return try Terminal.json(KeyListing(keys)) }
            for key in keys { Terminal.say(KeyListing.line(key)) }
            if keys.isEmpty { Terminal.say("No keys: on loopback everybody on this machine may use the console.") }
        }
    }

    /// `parley keys revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a key good for nothing, from now on.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The key's id, as the list shows it.")
        var id: String

        func run() async throws {
            do {
                try await Calls.store(common).revokeKey(id, at: Date(), audit: .terminal("keys revoke", of: id))
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
            Terminal.say("revoked \(id)")
        }
    }
}
