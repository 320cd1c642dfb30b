import Foundation
import Logging
import Networking
import Store

/// Makes one attempt: signs, posts, and reads as much of the answer as is worth telling.
struct WebhookSender: Sendable {
    /// Bytes of an answer that are read; what follows is left unread.
    private static let longestAnswer = 4096
    /// Characters of it that are kept.
    private static let longestWords = 200

    let client: HTTPClient
    /// What is told of a call's trace; nil where nothing is traced.
    var traces: CallTraces?

    /// A client that keeps to public addresses and those that are allowed.
    static func makeClient(_ configuration: ParleyConfiguration.Webhooks, logger: Logger) -> HTTPClient {
        // No proxy: it would look names up itself, and with that decide where events go.
        HTTPClient(
            configuration: HTTPClientConfiguration(
                maximumRequests: max(configuration.concurrency, 1), maximumHeaderBytes: 16_384, bodyBufferBytes: 8192,
                proxy: .none, addresses: .publicOnly(except: configuration.allowedAddresses)), logger: logger)
    }

    func send(
        _ delivery: WebhookDelivery, to endpoint: ParleyConfiguration.Webhooks.Endpoint, at now: Date
    ) async -> WebhookAnswer {
        guard let payload = delivery.payload else { return .failed("there is nothing to send") }
        let secrets = [endpoint.secret, endpoint.previousSecret].compactMap { $0?.value }
        let headers = WebhookSignature(secrets: secrets).headers(id: delivery.id, payload: payload, at: now)
        let timeout = endpoint.timeout
        let request = HTTPClientRequest(
            method: "POST", url: endpoint.url,
            headers: [("content-type", "application/json")] + headers + trace(of: delivery),
            body: Array(payload.utf8),
            deadlines: HTTPClientRequest.Deadlines(
                connect: min(timeout, .seconds(5)), firstByte: timeout, betweenChunks: timeout, total: timeout))
        do throws(NetworkError) {
            let response = try await client.send(request)
            // The status is the answer; a body that is cut short or has no end changes nothing of it.
            let words = await Self.words(of: response)
            return .status(response.status, retryAfter: response.retryAfter(at: now), words: words)
        } catch {
            return error.code == .cancelled ? .cancelled : .failed("\(error.code): \(error.detail)")
        }
    }

    /// Continues the trace of the call that is told of, where it is one.
    func trace(of delivery: WebhookDelivery) -> [(String, String)] {
        guard let traces, CallID.isOne(delivery.stream) else { return [] }
        // An attempt that came to no call is in a stream of its own, and its id looks like a call's.
        let isAttempt = delivery.event == WebhookEvent.attemptFinished.rawValue
        guard !isAttempt || delivery.stream != delivery.subject else { return [] }
        return [("traceparent", traces.traceparent(ofCall: delivery.stream))]
    }

    private static func words(of response: HTTPClientResponse) async -> String {
        var bytes: [UInt8] = []
        do throws(NetworkError) {
            // Read to its end where that is near, so that the connection can be used again.
            for try await chunk in response.body {
                bytes += chunk.prefix(longestAnswer - bytes.count)
                if bytes.count >= longestAnswer { break }
            }
        } catch {}
        guard !(200..<300).contains(response.status) else { return "" }
        let isBlank = { (scalar: Unicode.Scalar) in
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        }
        let words = String(decoding: bytes, as: UTF8.self).unicodeScalars.split(whereSeparator: isBlank).map {
            String($0)
        }
        return String(words.joined(separator: " ").prefix(longestWords))
    }
}
