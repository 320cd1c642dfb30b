import ArgumentParser
import Foundation
import Service
import Store

/// `parley calls`
struct Calls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at past calls.", subcommands: [List.self, Show.self, ScoreCalls.self, VerifyCalls.self],
        defaultSubcommand: List.self)

    /// Opens the store of the configuration, which must exist.
    static func store(_ common: CommonOptions) throws -> Store {
        try Store(try common.load().configuration.store, options: StoreOptions(createsFile: false))
    }

    /// `parley calls list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest calls first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "How many.")
        var limit = 20
        @Option(help: "Continue after this cursor, as the list before printed it.")
        var after: String?
        @Option(help: "Only calls on which these words were said, or with this part of a number or id.")
        var text: String?
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let cursor = try after.map { text in
                guard let cursor = CallCursor(text) else {
                    throw ValidationError("\"\(text)\" is no cursor of a list of calls")
                }
                return cursor
            }
            let page = try await Calls.store(common).calls(
                matching: CallFilter(text: text), limit: limit, after: cursor)
            if json {
                try Terminal.json(CallListing(page, isSearch: text != nil))
            } else {
                for call in page.calls {
                    Terminal.say(CallText.line(call))
                    for hit in page.hits where hit.callID == call.id { Terminal.say(CallText.line(hit)) }
                }
                if page.calls.isEmpty { Terminal.say("No calls.") }
                if let next = page.next { Terminal.say("more: parley calls list --after \(next)\(again)") }
            }
        }

        /// The search, for the list to be gone on with: as a shell takes it.
        private var again: String {
            guard let text else { return "" }
            return " --text '\(text.replacing("'", with: #"'\''"#))'"
        }
    }

    /// `parley calls show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One call: what was said, heard and done, and how long it took.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The call's id, or the beginning of it.")
        var id: String
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let store = try Calls.store(common)
            let story = try await store.story(ofCall: try await store.callID(withPrefix: id))
            if json { return try Terminal.json(story) }
            Terminal.say(CallText.story(story))
            if let record = try await store.analysis(ofCall: story.call.id) {
                Terminal.say("")
                Terminal.say(CallText.analysis(record))
            }
        }
    }
}
