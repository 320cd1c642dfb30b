import ArgumentParser
import Foundation
import Logging
import Service
import Store

extension ReviewRecord.State: ExpressibleByArgument {}

/// `parley reviews`
struct Reviews: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Acts of agents that wait for a person.",
        subcommands: [List.self, Approve.self, Reject.self, Work.self], defaultSubcommand: List.self)

    /// The database, and what is masked in a review that is over.
    fileprivate static func store(_ common: CommonOptions) throws -> (Store, PersonalDataMask) {
        let configuration = try common.load().configuration
        return (
            try Store(configuration.store, options: StoreOptions(createsFile: false)), configuration.privacy.mask
        )
    }

    static func line(_ review: ReviewRecord) -> String {
        let when = review.state == .pending ? "until \(review.expiresAt.formatted(.iso8601))" : ""
        return
            "\(review.id)  \(review.state.rawValue)  \(review.agent)  \(review.tool) \(review.arguments)  \(review.reason) "
            + "\(when)\(review.result.map { "→ \($0)" } ?? "")"
    }

    /// `parley reviews list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest reviews first.")

        @OptionGroup var common: CommonOptions
        @Option(help: "Only those in this state.")
        var state: ReviewRecord.State?
        @Option(help: "How many.")
        var limit = 50
        @Flag(help: "Print one JSON array.")
        var json = false

        func run() async throws {
            let (store, mask) = try Reviews.store(common)
            try await store.expireReviews(masking: { mask.maskJSON($0) })
            let reviews = try await store.reviews(in: state, limit: limit)
            if json { return try Terminal.json(reviews) }
            for review in reviews { Terminal.say(Reviews.line(review)) }
            if reviews.isEmpty { Terminal.say("No reviews.") }
        }
    }

    /// `parley reviews approve`
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approves an act; the service does it, or this command with --now.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The review's number.")
        var id: Int
        @Option(help: "Who approves.")
        var by = ProcessInfo.processInfo.userName
        @Option(help: "Other arguments than the agent's, as JSON.")
        var arguments: String?
        @Option(help: "A note for the record.")
        var note: String?
        @Flag(help: "Do it here and now.")
        var now = false

        func run() async throws {
            do {
                let (store, mask) = try Reviews.store(common)
                let review = try await store.decide(
                    review: id, .approved, by: by, note: note, arguments: try arguments.map(ReviewWork.checked),
                    masking: { mask.maskJSON($0) })
                await Terminal.note(.terminal("reviews approve", of: "\(id)", ["by": by]), in: store)
                Terminal.say(Reviews.line(review))
                if now { try await ReviewWork.run(common) }
            } catch let code as ExitCode {
                throw code
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }

    /// `parley reviews reject`
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Rejects an act; it will not be done.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The review's number.")
        var id: Int
        @Option(help: "Who rejects.")
        var by = ProcessInfo.processInfo.userName
        @Option(help: "A note for the record.")
        var note: String?

        func run() async throws {
            do {
                let (store, mask) = try Reviews.store(common)
                let review = try await store.decide(
                    review: id, .rejected, by: by, note: note, masking: { mask.maskJSON($0) })
                await Terminal.note(.terminal("reviews reject", of: "\(id)", ["by": by]), in: store)
                Terminal.say(Reviews.line(review))
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }

    /// `parley reviews work`
    struct Work: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Does what is approved, and what a process that died has left. The service does so by itself.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            do { try await ReviewWork.run(common) } catch let code as ExitCode {
                throw code
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }
}

/// The work of `approve --now` and `work`.
private enum ReviewWork {
    static func run(_ common: CommonOptions) async throws {
        let bench = try await Agents.bench(common)
        let done: [ReviewRecord]
        do {
            done = try await ReviewRunner(
                store: bench.store, tools: { bench.tools }, mask: bench.configuration.privacy.mask
            ).runOnce()
        } catch {
            await bench.close()
            throw error
        }
        await bench.close()
        for review in done { Terminal.say(Reviews.line(review)) }
        if done.contains(where: { $0.state != .done }) { throw ExitCode.failure }
    }

    /// Text that is a JSON object.
    static func checked(_ text: String) throws -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)), object is [String: Any] else {
            throw ValidationError("--arguments is no JSON object")
        }
        return text
    }
}
