package import Foundation
package import Logging
import Networking
import Store

/// Tries an endpoint by hand: `parley webhooks test` and `parley check`.
package struct WebhookProbe: Sendable {
    /// What a test came to.
    package struct Report: Sendable, Encodable {
        package let endpoint: String
        package let url: String
        /// As it was sent.
        package let id: String
        package let headers: [String: String]
        package let payload: String
        /// Absent when there was no answer.
        package let status: Int?
        /// The beginning of an answer that was no success, or why there was none.
        package let answer: String
        package let milliseconds: Int
        package let isDelivered: Bool
    }

    private let configuration: ParleyConfiguration.Webhooks
    private let logger: Logger

    package init(_ configuration: ParleyConfiguration.Webhooks, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// The names of all endpoints.
    package var names: [String] { configuration.endpoints.keys.sorted() }

    /// Sends a signed test event, once; nil when there is no endpoint of that name.
    package func test(_ name: String, now: Date = Date()) async -> Report? {
        guard let endpoint = configuration.endpoints[name] else { return nil }
        var delivery = WebhookDelivery(
            sequence: 0, id: "msg_test_\(CallID.new())", endpoint: name, event: WebhookEvent.test.rawValue,
            stream: "test",
            subject: "test", happenedAt: now)
        let payload = WebhookPayloads.test(delivery)
        delivery.payload = payload
        let client = WebhookSender.makeClient(configuration, logger: logger)
        let began = ContinuousClock.now
        let answer = await WebhookSender(client: client).send(delivery, to: endpoint, at: now)
        let took = ContinuousClock.now - began
        await client.shutdown()
        let secrets = [endpoint.secret, endpoint.previousSecret].compactMap { $0?.value }
        let headers = WebhookSignature(secrets: secrets).headers(id: delivery.id, payload: payload, at: now)
        var status: Int?
        if case .status(let code, _, _) = answer { status = code }
        return Report(
            endpoint: name, url: endpoint.address, id: delivery.id,
            headers: Dictionary(headers) { $1 }, payload: payload, status: status,
            answer: explain(answer.fault ?? "delivered", endpoint), milliseconds: Int(took / .milliseconds(1)),
            isDelivered: answer.fault == nil)
    }

    /// Whether an endpoint can be reached, without telling it anything: any answer will do.
    package func reach(_ name: String) async throws -> String {
        guard let endpoint = configuration.endpoints[name] else { return "there is no such endpoint" }
        let client = WebhookSender.makeClient(configuration, logger: logger)
        let limit = min(endpoint.timeout, .seconds(8))
        let result: Result<Int, NetworkError>
        do throws(NetworkError) {
            let response = try await client.send(
                HTTPClientRequest(
                    method: "HEAD", url: endpoint.url,
                    deadlines: .init(connect: limit, firstByte: limit, betweenChunks: limit, total: limit)))
            result = .success(response.status)
        } catch { result = .failure(error) }
        await client.shutdown()
        switch result {
        case .success(let status):
            return
                "\(endpoint.address) answers (\(status) to HEAD); `parley webhooks test \(name)` sends it a signed event"
        case .failure(let error): throw Unreachable(reason: explain("\(error)", endpoint))
        }
    }

    private struct Unreachable: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }

    private func explain(_ reason: String, _ endpoint: ParleyConfiguration.Webhooks.Endpoint) -> String {
        guard reason.contains(AddressPolicy.refusal) else { return reason }
        return "\(reason). `webhooks.allow_addresses` allows addresses that are not of the public internet"
    }
}
