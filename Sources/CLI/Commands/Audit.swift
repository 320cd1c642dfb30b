import ArgumentParser
import Service
import Store

/// `parley audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who did what, as a chain in which each row holds the hash of the one before it.",
        subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

    /// `parley audit list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest rows first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "How many.")
        var limit = 50
        @Option(help: "Only rows before this number.")
        var before: Int?
        @Option(help: "Only what this one did, as the list names them: \"key 1a2b3c4d\", \"terminal root\".")
        var actor: String?
        @Option(help: "Only this act, as the list names it: \"POST /calls/{id}/hangup\".")
        var act: String?
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000") }
        }

        func run() async throws {
            let entries = try await Calls.store(common).audit(actor: actor, act: act, before: before, limit: limit)
            if json { return try Terminal.json(AuditListing(entries, limit: limit)) }
            for entry in entries { Terminal.say(AuditListing.line(entry)) }
            if entries.isEmpty { Terminal.say("No rows.") }
        }
    }

    /// `parley audit verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Walks along the whole chain and names the first row that was changed, deleted or put in.",
            discussion: """
                Ends with 1 where it finds one. Whoever may write to the database can make the whole chain anew; a head that you \
                keep elsewhere (this command prints it) tells that with --expect.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "A head as it was printed earlier, NUMBER:HASH.")
        var expect: String?
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let expected = try expect.map { text in
                guard let head = AuditVerdict.Head(text) else {
                    throw ValidationError("--expect takes NUMBER:HASH, as this command printed it")
                }
                return head
            }
            let verdict = try await Calls.store(common).verifyAudit(expecting: expected)
            let view = AuditVerdictView(verdict)
            if json { try Terminal.json(view) } else { Terminal.say(view.line) }
            if verdict.fault != nil { throw ExitCode.failure }
        }
    }
}
