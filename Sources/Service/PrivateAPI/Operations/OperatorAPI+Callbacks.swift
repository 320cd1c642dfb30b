import Foundation
import Hummingbird
import Logging
import Store

/// Calls that people were promised, and messages that they left.
extension OperatorAPI {
    var callbackRoutes: [APIRoute] {
        [
            APIRoute(.get, "/callbacks") { request, _ in
                let state = try request.query.word("state", as: CallbackRecord.State.self)
                let wish = try request.query.page()
                let page = ListPage(
                    try await store.callbacks(in: state, limit: wish.asked, after: wish.after), wish
                ) { ListCursor(at: $0.promisedAt, id: $0.id) }
                return .json(CallbackListView(callbacks: page.records, next: page.next))
            },
            APIRoute(.post, "/callbacks/{id}/cancel", scope: .operator) { _, context in try await cancel(context) },
            APIRoute(.get, "/voicemails") { request, _ in
                let state = try request.query.word("state", as: VoicemailRecord.State.self)
                let wish = try request.query.page()
                let page = ListPage(
                    try await store.voicemails(in: state, limit: wish.asked, after: wish.after), wish
                ) { ListCursor(at: $0.begunAt, id: $0.callID) }
                return .json(VoicemailListView(voicemails: page.records, next: page.next))
            },
            APIRoute(.post, "/voicemails/{id}/heard", scope: .operator) { _, context in try await heard(context) },
        ]
    }

    private func cancel(_ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let missing = Problem.notFound("There is no such callback; GET /api/v1/callbacks lists those there are.")
        do throws(StoreError) {
            guard try await store.cancel(callback: id, at: now()) else {
                throw StoreError(.rejected, operation: "cancel a callback", subject: id, detail: "it is on its way")
            }
            note("cancel", "callback", id, context)
            return .json(try await store.callback(id: id))
        } catch {
            switch error.code {
            case .notFound: throw missing
            case .rejected: throw Problem.conflict("The call is on its way, or over.")
            default: throw error
            }
        }
    }

    private func heard(_ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        do throws(StoreError) {
            let message = try await store.markHeard(voicemail: id, by: context.identity?.name ?? "", at: now())
            note("heard", "voicemail", id, context)
            return .json(message)
        } catch {
            guard error.code == .notFound else { throw error }
            throw Problem.notFound("This call has no message; GET /api/v1/voicemails lists those there are.")
        }
    }

    private func note(_ act: String, _ kind: String, _ id: String, _ context: APIContext) {
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "\(kind)": "\(id)", "key": "\(context.identity?.keyID ?? "none")"])
    }
}

private struct CallbackListView: Encodable {
    let callbacks: [CallbackRecord]
    let next: String?
}

private struct VoicemailListView: Encodable {
    let voicemails: [VoicemailRecord]
    let next: String?
}
