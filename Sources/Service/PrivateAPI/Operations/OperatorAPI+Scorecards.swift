import Foundation
import Hummingbird
import Store

/// What scorecards make of calls.
extension OperatorAPI {
    var scorecardRoutes: [APIRoute] {
        [
            APIRoute(.get, "/calls/{id}/scorecard") { _, context in
                let id = try context.parameters.require("id")
                if let record = try await store.scorecard(ofCall: id) { return .json(ScorecardView(record)) }
                // Tells a call without a card from no call.
                let call = try await story(id).call
                throw Problem.notFound(
                    call.endedAt == nil
                        ? "The call is still on the line; it is scored when it has ended."
                        : "The call has not been scored; POST …/scorecard scores it, if its agent has a scorecard.")
            },
            APIRoute(.post, "/calls/{id}/scorecard", scope: .operator) { _, context in
                let id = try context.parameters.require("id")
                try await settled(id)
                do throws(StoreError) {
                    let record = try await store.wantScore(ofCall: id, now: now())
                    note("score", callID: id, context: context)
                    return .json(ScorecardView(record), status: .accepted)
                } catch {
                    guard error.code == .rejected || (error.code == .notFound && board.call(id) != nil) else {
                        throw error
                    }
                    throw Problem.conflict("The call is still on the line; score it when it has ended.")
                }
            },
        ]
    }
}
