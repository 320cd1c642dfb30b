import Foundation
import Networking
import Telephony

/// Vonage's Voice API: JSON in, a call control object out, signed with a JSON Web Token.
struct VonageCarrier: WebhookCarrier {
    let name = "vonage"
    let signature: VonageSignature?

    private struct Event: Decodable {
        var uuid: String?
        var conversation: String?
        var from: String?
        var to: String?
        var status: String?

        enum CodingKeys: String, CodingKey {
            case uuid, from, to, status
            case conversation = "conversation_uuid"
        }
    }

    func proof(of request: HTTPRequest, url: String, now: Duration) -> WebhookProof {
        guard let signature else { return .unset("carriers.vonage.signature_secret") }
        guard let given = request[header: "authorization"] else { return .missing("authorization") }
        switch signature.verdict(on: given, body: request.body, now: now) {
        case .valid: return .valid
        case .stale: return .stale
        case .otherBody, .invalid: return .mismatch
        }
    }

    func call(in request: HTTPRequest) -> WebhookCall? {
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(request.body)),
            // Legs have ids of their own; the conversation is what they share.
            let id = event.conversation ?? event.uuid
        else { return nil }
        let ended = ["disconnected", "failed", "unanswered", "rejected", "busy", "timeout", "cancelled"]
        return WebhookCall(
            id: id, from: WebhookCall.number(event.from ?? ""), to: WebhookCall.number(event.to ?? ""),
            streamEnded: event.status.map(ended.contains) ?? false)
    }

    func connect(_ media: String, afterwards: String) -> HTTPResponse {
        json([
            Action(
                action: "connect", eventType: "synchronous", eventUrl: [afterwards],
                endpoint: [Endpoint(type: "websocket", uri: media, contentType: "audio/l16;rate=8000")])
        ])
    }

    /// Not a call control object: then Vonage asks the fallback address, if there is one, and hangs up.
    func refuse() -> HTTPResponse { .text("No line is free.\n", status: 503) }

    func answer(_ afterwards: CallDesk.Afterwards) -> HTTPResponse {
        switch afterwards {
        case .hangUp: json([])
        case .transfer(.number(let number)):
            json([
                Action(action: "connect", endpoint: [Endpoint(type: "phone", number: number.filter(\.isNumber))])
            ])
        case .transfer(.sip(let address)):
            json([Action(action: "connect", endpoint: [Endpoint(type: "sip", uri: address)])])
        }
    }

    private struct Action: Encodable {
        var action: String
        var eventType: String?
        var eventUrl: [String]?
        var endpoint: [Endpoint]
    }

    private struct Endpoint: Encodable {
        var type: String
        var uri: String?
        var number: String?
        var contentType: String?

        enum CodingKeys: String, CodingKey {
            case type, uri, number
            case contentType = "content-type"
        }
    }

    private func json(_ actions: [Action]) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and lists always encode.
        let body = (try? encoder.encode(actions)) ?? Data("[]".utf8)
        return .json(String(decoding: body, as: UTF8.self))
    }
}
