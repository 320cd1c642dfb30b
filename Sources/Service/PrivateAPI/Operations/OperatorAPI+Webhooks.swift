import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// What others are told: the outbox, and the endpoints of the configuration.
extension OperatorAPI {
    var webhookRoutes: [APIRoute] {
        [
            APIRoute(.get, "/webhooks/endpoints") { _, _ in .json(try await endpoints()) },
            APIRoute(.post, "/webhooks/endpoints/{name}/enable", scope: .operator, enableEndpoint),
            APIRoute(.post, "/webhooks/endpoints/{name}/test", scope: .operator, testEndpoint),
            APIRoute(.get, "/webhooks/deliveries", listDeliveries),
            APIRoute(.get, "/webhooks/deliveries/{id}") { _, context in
                try await withDelivery(context) { .json(WebhookView(try await store.webhook(id: $0))) }
            },
            APIRoute(.post, "/webhooks/deliveries/{id}/replay", scope: .operator) { _, context in
                try await withDelivery(context) { id in
                    let delivery = try await store.replay(webhook: id, now: now())
                    noteWebhook("send an event again", id, context)
                    return .json(WebhookView(delivery), status: .accepted)
                }
            },
        ]
    }

    private func endpoints() async throws -> WebhookEndpointListView {
        let configuration = webhooks.configuration
        let outbox = try await store.webhookStandings(of: Array(configuration.endpoints.keys))
        let disabled = Dictionary(try await store.disabledWebhookEndpoints().map { ($0.name, $0) }) { $1 }
        return WebhookEndpointListView(
            endpoints: configuration.endpoints.sorted { $0.key < $1.key }.map { name, endpoint in
                WebhookEndpointView(
                    name, endpoint, lane: webhooks.standing(name).lane, outbox: outbox[name] ?? WebhookStanding(),
                    disabled: disabled[name].flatMap { $0.url == endpoint.url ? $0 : nil }, now: now())
            })
    }

    /// Sends a signed event that tells of nothing, once, and says what came of it; it is not in the outbox.
    private func testEndpoint(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        let probe = WebhookProbe(webhooks.configuration, logger: logger)
        guard let report = await probe.test(name, now: now()) else { throw Self.unknownEndpoint(name) }
        noteWebhook("test an endpoint", name, context)
        return .json(report)
    }

    private static func unknownEndpoint(_ name: String) -> Problem {
        Problem.notFound("There is no endpoint \"\(name)\"; GET /api/v1/webhooks/endpoints lists those there are.")
    }

    private func enableEndpoint(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        guard webhooks.configuration.endpoints[name] != nil else { throw Self.unknownEndpoint(name) }
        try await store.enableWebhookEndpoint(name)
        noteWebhook("enable an endpoint", name, context)
        return .json(try await endpoints())
    }

    private func listDeliveries(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = request.query
        let filter = WebhookFilter(
            endpoint: try query.text("endpoint"), event: try query.word("event", as: WebhookEvent.self)?.rawValue,
            state: try query.word("state", as: WebhookDelivery.State.self), callID: try query.text("call"))
        let limit = try query.integer("limit", in: 1...200) ?? 50
        let after = try query.integer("after", in: 1...9_007_199_254_740_991)
        return .json(WebhookPageView(try await store.webhooks(matching: filter, limit: limit, after: after)))
    }

    private func withDelivery(
        _ context: APIContext, _ body: (String) async throws -> Response
    ) async throws -> Response {
        let id = try context.parameters.require("id")
        do { return try await body(id) } catch let error as StoreError where error.code == .notFound {
            throw Problem.notFound(
                "There is no such delivery; GET /api/v1/webhooks/deliveries lists those there are.")
        } catch let error as StoreError where error.code == .exists {
            throw Problem.conflict("The delivery waits to be sent already.")
        }
    }

    private func noteWebhook(_ act: String, _ subject: String, _ context: APIContext) {
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "webhook": "\(subject)", "key": "\(context.identity?.keyID ?? "none")"])
    }
}
