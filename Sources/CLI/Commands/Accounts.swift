import ArgumentParser
import Foundation
import Service
import Store

/// `parley accounts`
struct Accounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "People who sign in to the console by name and password.",
        discussion: """
            Passwords are read from standard input, so that none is in the list of processes or in a shell's history. At a terminal \
            they are not shown, and asked for twice; otherwise one line is read.
            """,
        subcommands: [Add.self, List.self, SetPassword.self, Remove.self], defaultSubcommand: List.self)

    /// `parley accounts add`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets somebody sign in.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Small letters, digits and . - _ @")
        var name: String
        @Option(help: "What they may do: viewer, operator, builder or admin.")
        var scope = APIKeyRecord.Scope.viewer

        func validate() throws {
            if let objection = AccountName.objection(to: name) { throw ValidationError(objection) }
        }

        func run() async throws {
            let password = try Accounts.password()
            let moment = Date()
            try await Accounts.act {
                try await Calls.store(common).add(
                    AccountRecord(
                        name: name, scope: scope, password: try Password.hash(password), createdAt: moment,
                        changedAt: moment),
                    audit: .terminal("accounts add", of: name, ["scope": scope.rawValue]))
            }
            Terminal.say("\(name) may sign in")
        }
    }

    /// `parley accounts list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Who may sign in.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let accounts = try await Calls.store(common).accounts()
            if json { return try Terminal.json(AccountListing(accounts)) }
            for account in accounts { Terminal.say(AccountListing.line(account)) }
            if accounts.isEmpty { Terminal.say("No accounts: people sign in with keys.") }
        }
    }

    /// `parley accounts password`
    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Another password; whoever is signed in with the old one is signed out.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Who.")
        var name: String

        func run() async throws {
            let password = try Accounts.password()
            try await Accounts.act {
                try await Calls.store(common).setPassword(
                    of: name, try Password.hash(password), at: Date(),
                    audit: .terminal("accounts password", of: name))
            }
            Terminal.say("\(name) has a new password")
        }
    }

    /// `parley accounts remove`
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets somebody in no more, from now on.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Who.")
        var name: String

        func run() async throws {
            try await Accounts.act {
                try await Calls.store(common).removeAccount(
                    name, at: Date(), audit: .terminal("accounts remove", of: name))
            }
            Terminal.say("removed \(name)")
        }
    }

    /// What is typed twice at a terminal, or one line of standard input.
    private static func password() throws -> String {
        let isTyped = HiddenInput.isTerminal
        let asked = "The password, \(Password.lengths.lowerBound) characters or more (it is not shown):"
        let password = (isTyped ? HiddenInput.line(asked) : readLine()) ?? ""
        if let objection = Password.objection(to: password) { throw refused(objection) }
        if isTyped, HiddenInput.line("The same again:") != password {
            throw refused("these are two passwords; nothing was changed")
        }
        return password
    }

    private static func refused(_ reason: String) -> ExitCode {
        Terminal.complain(reason)
        return .failure
    }

    /// What the store refuses is said plainly.
    private static func act(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as StoreError {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
