import Agent
import Foundation
import Hummingbird
import Logging
import Store

/// Acts of agents that wait for a person.
extension OperatorAPI {
    var reviewRoutes: [APIRoute] {
        [
            APIRoute(.get, "/reviews") { request, _ in
                let state = try request.query.word("state", as: ReviewRecord.State.self)
                let wish = try request.query.page()
                let page = ListPage(
                    try await store.reviews(in: state, limit: wish.asked, after: wish.after), wish
                ) { ListCursor(number: $0.id, id: "review") }
                return .json(ReviewListView(reviews: page.records, next: page.next))
            },
            APIRoute(.post, "/reviews/{id}/approve", scope: .operator) { request, context in
                let wish = try await request.object(ApproveWish.self)
                return try await decide(.approved, wish.note, wish.arguments.map { .object($0) }, context)
            },
            APIRoute(.post, "/reviews/{id}/reject", scope: .operator) { request, context in
                try await decide(.rejected, try await request.object(RejectWish.self).note, nil, context)
            },
        ]
    }

    private struct ApproveWish: Decodable {
        let note: String?
        /// Instead of the agent's.
        let arguments: [String: JSONValue]?
    }

    private struct RejectWish: Decodable {
        let note: String?
    }

    /// The service does what is approved, within seconds.
    private func decide(
        _ state: ReviewRecord.State, _ note: String?, _ arguments: JSONValue?, _ context: APIContext
    ) async throws -> Response {
        guard let id = Int(try context.parameters.require("id")) else {
            throw Problem.notFound("There is no such review; GET /api/v1/reviews lists those there are.")
        }
        guard note.map({ $0.count <= 500 }) ?? true else {
            throw Problem.invalid("\"note\" has 500 characters at most.")
        }
        let mask = configuration.privacy.mask
        do throws(StoreError) {
            var review = try await store.decide(
                review: id, state, by: context.identity?.name ?? "", note: note, arguments: arguments?.text, now: now(),
                masking: { mask.maskJSON($0) })
            // The answer is kept for repeats of the request, and may outlive what it tells of.
            review.arguments = mask.maskJSON(review.arguments)
            review.reason = mask.mask(review.reason)
            logger.notice(
                "an operator acts",
                metadata: [
                    "act": "\(state.rawValue)", "review": "\(id)", "key": "\(context.identity?.keyID ?? "none")",
                ])
            return .json(review)
        } catch {
            guard error.code == .notFound else { throw error }
            guard let review = try? await store.review(id: id) else {
                throw Problem.notFound("There is no such review; GET /api/v1/reviews lists those there are.")
            }
            throw Problem.conflict("The review is \(review.state.rawValue) already.")
        }
    }
}

private struct ReviewListView: Encodable {
    let reviews: [ReviewRecord]
    let next: String?
}
