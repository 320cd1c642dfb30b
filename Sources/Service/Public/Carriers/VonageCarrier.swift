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
        var duration: String?
        var detail: String?

        enum CodingKeys: String, CodingKey {
            case uuid, from, to, status, duration, detail
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
        guard let event = decoded(request),
            // Legs have ids of their own; the conversation is what they share.
            let id = event.conversation ?? event.uuid
        else { return nil }
        let numbers = (CarrierNumber.e164(event.from ?? ""), CarrierNumber.e164(event.to ?? ""))
        let ended = ["disconnected", "failed", "unanswered", "rejected", "busy", "timeout", "cancelled"]
        return WebhookCall(
            id: id, from: numbers.0, to: numbers.1, streamEnded: event.status.map(ended.contains) ?? false,
            leg: event.uuid)
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

    /// A call control object that has come to its end ends the call.
    func say(_ message: SpokenMessage) -> HTTPResponse {
        json([Action(action: "talk", text: message.text, language: message.language)])
    }

    /// It asks whether or not a key came.
    func ask(_ question: KeyQuestion, action: String) -> HTTPResponse {
        let talks = question.messages.map {
            Action(action: "talk", text: $0.text, language: $0.language, bargeIn: true)
        }
        let input = Action(
            action: "input", eventUrl: [action], type: ["dtmf"],
            // 10 seconds at most.
            dtmf: Keys(maxDigits: 1, timeOut: min(10, question.seconds)))
        return json(talks + [input])
    }

    func key(in request: HTTPRequest) -> String? {
        let event = try? JSONDecoder().decode(KeyEvent.self, from: Data(request.body))
        guard let digits = event?.dtmf?.digits, !digits.isEmpty else { return nil }
        return digits
    }

    func answer(_ afterwards: CallDesk.Afterwards, action: String?) -> HTTPResponse {
        let endpoint: Endpoint
        switch afterwards {
        case .hangUp: return json([])
        case .transfer(.number(let number)): endpoint = Endpoint(type: "phone", number: number.filter(\.isNumber))
        case .transfer(.sip(let address)): endpoint = Endpoint(type: "sip", uri: address)
        }
        // Synchronous: the answer to the news that nobody was reached says what to do instead.
        return json([
            Action(
                action: "connect", eventType: action.map { _ in "synchronous" }, eventUrl: action.map { [$0] },
                endpoint: [endpoint],
                // The caller's number may not be shown, and nothing else is known here: one of the application's own.
                randomFromNumber: true)
        ])
    }

    func dialled(in request: HTTPRequest) -> DialledEnd? {
        switch decoded(request)?.status {
        case "completed": .reached
        case let status? where ["busy", "timeout", "unanswered", "cancelled", "rejected", "failed"].contains(status):
            DialledEnd(status)
        // Started, ringing, answered.
        default: nil
        }
    }

    func news(in request: HTTPRequest) -> CarrierNews? {
        // News of the socket's leg are not of the call that we placed; its `to` is neither a number nor a SIP address. Those of a
        // leg that was dialled for a caller are told apart by whom it called, which the report says.
        guard let event = decoded(request), let word = event.status else { return nil }
        let to = CarrierNumber.e164(event.to ?? "")
        guard to.hasPrefix("+") || CarrierNumber.isSIP(to) else { return nil }
        switch word {
        case "human": return CarrierNews(answeredBy: "human")
        case "machine": return CarrierNews(answeredBy: "machine_start")
        default: break
        }
        guard let status = VonageCallControl.status(word) else { return nil }
        let sipCode: Int? =
            switch (word, event.detail) {
            case (_, "unallocated_number"?), (_, "invalid_number"?), (_, "number_out_of_service"?): 404
            case ("rejected", _): 603
            default: nil
            }
        return CarrierNews(
            report: CarrierReport(
                status: status, sipCode: sipCode,
                duration: event.duration.flatMap { Int($0) }.map { .seconds($0) }, cause: event.detail,
                to: to))
    }

    private func decoded(_ request: HTTPRequest) -> Event? {
        try? JSONDecoder().decode(Event.self, from: Data(request.body))
    }

    private struct Action: Encodable {
        var action: String
        var eventType: String?
        var eventUrl: [String]?
        var endpoint: [Endpoint]?
        /// Whether a number of the application's is shown to whom is called.
        var randomFromNumber: Bool?
        var text: String?
        var language: String?
        /// Whether a key ends what is said.
        var bargeIn: Bool?
        /// Of input.
        var type: [String]?
        var dtmf: Keys?
    }

    private struct Keys: Encodable {
        var maxDigits: Int
        var timeOut: Int
    }

    private struct KeyEvent: Decodable {
        struct Keys: Decodable {
            var digits: String?
        }

        var dtmf: Keys?
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
