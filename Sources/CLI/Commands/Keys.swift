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
            viewers look and listen, operators also act on calls, builders also publish agents and set campaigns up, admins also \
            manage keys and accounts. Once a key was made, nobody gets in without one.
            """,
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self], defaultSubcommand: List.self)

    /// `parley keys create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A new key, shown this once.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Who or what gets it.")
        var name: String
        @Option(help: "What its holder may do: viewer, operator, builder or admin.")
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

    /// `parley keys rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A new key in another's place, which still works for a while.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The old key's id, as the list shows it.")
        var id: String
        @Option(help: "Hours for which the old one still works, 0 to 168.")
        var grace = 24

        func validate() throws {
            guard (0...168).contains(grace) else { throw ValidationError("--grace is 0 to 168 hours") }
        }

        func run() async throws {
            let store = try Calls.store(common)
            guard let old = try await store.key(id), old.works(at: Date()) else {
                Terminal.complain("no key has the id \(id), or it was revoked; `parley keys list` shows them")
                throw ExitCode.failure
            }
            let (key, record) = KeyRing.make(name: old.name, scope: old.scope, at: Date())
            try await store.replaceKey(
                id, by: record, until: Date().addingTimeInterval(Double(grace) * 3600),
                audit: .terminal("keys rotate", of: id, ["by": record.id, "grace_hours": "\(grace)"]))
            Terminal.say(key)
            Terminal.complain("Keep it: only its hash is stored. The old one works for \(grace) hours more.")
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
