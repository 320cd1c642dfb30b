import ArgumentParser
import Foundation
import Logging
import Service
import Store

extension WebhookDelivery.State: ExpressibleByArgument {}

/// `parley webhooks`
struct Webhooks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What other programs are told, and whether they heard it.",
        subcommands: [List.self, Show.self, Replay.self, Test.self, Enable.self, Secret.self],
        defaultSubcommand: List.self)

    /// `parley webhooks list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest deliveries first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Only those in this state: pending, delivered or dead.")
        var state: WebhookDelivery.State?
        @Option(help: "Only those to this endpoint.")
        var endpoint: String?
        @Option(help: "Only what was told of this call.")
        var call: String?
        @Option(help: "How many.")
        var limit = 20
        @Option(help: "Continue after this cursor, as the list before printed it.")
        var after: Int?
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let filter = WebhookFilter(endpoint: endpoint, state: state, callID: call)
            let page = try await Calls.store(common).webhooks(matching: filter, limit: limit, after: after)
            if json { return try Terminal.json(WebhookPageView(page)) }
            for delivery in page.deliveries { Terminal.say(WebhookText.line(delivery)) }
            if page.deliveries.isEmpty { Terminal.say("No deliveries.") }
            if let next = page.next { Terminal.say("more: parley webhooks list --after \(next)") }
        }
    }

    /// `parley webhooks show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One delivery, with what is sent.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The delivery's id.")
        var id: String

        func run() async throws {
            try await Webhooks.reporting {
                let delivery = try await Calls.store(common).webhook(id: id)
                Terminal.say(WebhookText.line(delivery))
                Terminal.say(delivery.payload ?? "The payload is still to be made.")
            }
        }
    }

    /// `parley webhooks replay`
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends finished deliveries again, with the same ids and payloads. The running service does it.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The deliveries' ids.")
        var ids: [String] = []
        @Flag(help: "All that were given up, the oldest first; --endpoint picks those of one endpoint.")
        var dead = false
        @Option(help: "With --dead: only those to this endpoint.")
        var endpoint: String?

        func validate() throws {
            guard ids.isEmpty == dead else { throw ValidationError("give ids, or --dead") }
            guard endpoint == nil || dead else { throw ValidationError("--endpoint belongs to --dead") }
        }

        func run() async throws {
            try await Webhooks.reporting {
                let store = try Calls.store(common)
                for id in dead ? try await deadIDs(store) : ids {
                    let delivery = try await store.replay(webhook: id, now: Date())
                    await Terminal.note(.terminal("webhooks replay", of: id), in: store)
                    Terminal.say(WebhookText.line(delivery))
                }
            }
        }

        private func deadIDs(_ store: Store) async throws -> [String] {
            let filter = WebhookFilter(endpoint: endpoint, state: .dead)
            var ids: [String] = []
            var cursor: Int?
            repeat {
                let page = try await store.webhooks(matching: filter, limit: 1000, after: cursor)
                ids += page.deliveries.map(\.id)
                cursor = page.next
            } while cursor != nil
            return ids.reversed()
        }
    }

    /// `parley webhooks test`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends an endpoint one signed event and shows the answer. The outbox is not touched.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's name in the configuration.")
        var endpoint: String
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let probe = WebhookProbe(
                try common.load().configuration.webhooks, logger: Logger(label: "parley.webhooks"))
            guard let report = await probe.test(endpoint) else {
                let names = probe.names.joined(separator: ", ")
                Terminal.complain(
                    "there is no endpoint \"\(endpoint)\" under webhooks.endpoints; "
                        + (names.isEmpty ? "there is none at all" : "there are \(names)"))
                throw ExitCode.failure
            }
            if json { try Terminal.json(report) } else { Terminal.say(WebhookText.report(report)) }
            if !report.isDelivered { throw ExitCode.failure }
        }
    }

    /// `parley webhooks enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tells an endpoint again that was disabled because it answered 410.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The endpoint's name.")
        var endpoint: String

        func run() async throws {
            try await Webhooks.reporting {
                let store = try Calls.store(common)
                let wasDisabled = try await store.enableWebhookEndpoint(endpoint)
                if wasDisabled { await Terminal.note(.terminal("webhooks enable", of: endpoint), in: store) }
                Terminal.say(wasDisabled ? "enabled \(endpoint)" : "\(endpoint) was not disabled")
            }
        }
    }

    /// `parley webhooks secret`
    struct Secret: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a new secret, to be given to both sides.")

        func run() { Terminal.say(WebhookSignature.makeSecret()) }
    }

    /// Says what went wrong in one line, and ends with a failure.
    private static func reporting(_ work: () async throws -> Void) async throws {
        do { try await work() } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
