package import Agent
package import Foundation
package import Logging
package import Store

/// Does what people approved, each act once.
///
/// A review is taken under a lease and done under a key of its own. Should the process end between the act and the note
/// of it, the next one takes the review again with the same key, and the tool answers with what it did. Where a tool
/// cannot tell, the review becomes `unclear` and a person looks.
package struct ReviewRunner: Sendable {
    private let store: Store
    private let tools: @Sendable () -> [any Tool]
    private let traceparent: @Sendable (_ callID: String) -> String?
    private let mask: PersonalDataMask
    private let lease: Duration
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - tools: all there are, whenever they are needed.
    ///   - traceparent: what a tool is told of the trace of the call that the act was asked for on.
    ///   - mask: of what is kept of a review that is over.
    ///   - lease: how long an act may take before another process takes it over.
    package init(
        store: Store, tools: @escaping @Sendable () -> [any Tool],
        traceparent: @escaping @Sendable (_ callID: String) -> String? = { _ in nil },
        mask: PersonalDataMask = PersonalDataMask(), lease: Duration = .seconds(120),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.tools = tools
        self.traceparent = traceparent
        self.mask = mask
        self.lease = lease
        self.now = now
    }

    /// Lets what nobody decided in time expire, and does everything that is approved.
    ///
    /// - Returns: the reviews that were done, as they are now.
    @discardableResult
    package func runOnce() async throws -> [ReviewRecord] {
        guard try await store.hasReviewWork(now: now()) else { return [] }
        try await store.expireReviews(now: now(), masking: masking)
        var done: [ReviewRecord] = []
        while let review = try await store.claimReview(lease: lease, now: now()) {
            let (state, result) = await act(review)
            // Later steps of a team work with the values of a report that was handed over.
            let kept = review.tool == TeamHandOver.name ? result : mask.maskJSON(result)
            try await store.finish(review: review.id, state, result: kept, now: now(), masking: masking)
            done.append(try await store.review(id: review.id))
        }
        return done
    }

    /// Works until cancelled.
    package func run(every interval: Duration, logger: Logger) async {
        while !Task.isCancelled {
            do { try await runOnce() } catch {
                logger.error("reviews could not be worked on", metadata: ["error": "\(error)"])
            }
            guard (try? await Task.sleep(for: interval)) != nil else { return }
        }
    }

    private var masking: @Sendable (String) -> String { { [mask] in mask.maskJSON($0) } }

    private func act(_ review: ReviewRecord) async -> (ReviewRecord.State, String) {
        guard let tool = tools().first(where: { $0.definition.name == review.tool }) else {
            return (.failed, Self.text("there is no tool `\(review.tool)` any more"))
        }
        guard let arguments = try? JSONValue(parsing: review.arguments) else {
            return (.failed, Self.text("the arguments are no JSON"))
        }
        var call = CallFacts(callID: review.callID, callerNumber: review.contact)
        call.traceparent = traceparent(review.callID)
        switch await ApprovedAct(tool: tool, call: call).perform(arguments, key: review.actKey) {
        case .result(let value): return (.done, value.text)
        // After a lost answer nobody knows whether it was done.
        case .failure(let error) where error.code == .deadlineExceeded: return (.unclear, Self.text(error.detail))
        case .failure(let error): return (.failed, Self.text("\(error.code.rawValue): \(error.detail)"))
        }
    }

    private static func text(_ reason: String) -> String { JSONValue.object(["error": .string(reason)]).text }
}
