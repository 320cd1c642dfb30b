import Foundation
import Hummingbird
import Store

/// What is written down of calls when they are over.
extension OperatorAPI {
    var analysisRoutes: [APIRoute] {
        [
            APIRoute(.get, "/calls/{id}/analysis") { _, context in
                let id = try context.parameters.require("id")
                if let record = try await store.analysis(ofCall: id) { return .json(AnalysisView(record)) }
                // Tells a call that nothing is written down of from no call.
                let call = try await story(id).call
                throw Problem.notFound(
                    call.endedAt == nil
                        ? "The call is still on the line; it is written down when it has ended."
                        : "Nothing is written down of the call; POST …/analysis has it done, if its agent has `after_call`."
                )
            },
            APIRoute(.post, "/calls/{id}/analysis", scope: .operator) { _, context in
                let id = try context.parameters.require("id")
                try await settled(id)
                do throws(StoreError) {
                    let record = try await store.wantAnalysis(ofCall: id, now: now())
                    note("analyze", callID: id, context: context)
                    return .json(AnalysisView(record), status: .accepted)
                } catch {
                    guard error.code == .rejected || (error.code == .notFound && board.call(id) != nil) else {
                        throw error
                    }
                    throw Problem.conflict("The call is still on the line; have it written down when it has ended.")
                }
            },
        ]
    }
}
