import Networking
import Telephony

/// SignalWire's cXML: forms in, markup out, signed as Twilio does with the project's signing key.
struct SignalWireCarrier: WebhookCarrier {
    static let header = "x-signalwire-signature"

    let name = "signalwire"
    let signature: TwilioSignature?

    func proof(of request: HTTPRequest, url: String, now: Duration) -> WebhookProof {
        guard let signature else { return .unset("carriers.signalwire.signing_key") }
        guard let given = request[header: Self.header] ?? request[header: TwilioWebhooks.signatureHeader],
            let form = try? FormBody(decoding: request.body)
        else { return .missing(Self.header) }
        return signature.verdict(on: given, url: url, form: form) == .valid ? .valid : .mismatch
    }

    func call(in request: HTTPRequest) -> WebhookCall? { .init(form: request, id: "CallSid") }

    func connect(_ media: String, afterwards: String) -> HTTPResponse {
        .xml(
            Markup.document([
                .element("Connect", [], [.element("Stream", [("url", media)])]),
                .element("Redirect", [("method", "POST")], [.text(afterwards)]),
            ]))
    }

    func refuse() -> HTTPResponse { .xml(Markup.document([.element("Reject", [("reason", "busy")])])) }

    func say(_ message: SpokenMessage) -> HTTPResponse { .xml(Markup.document(message)) }

    func ask(_ question: KeyQuestion, action: String) -> HTTPResponse {
        .xml(
            Markup.document(question, action: action, gather: ("Gather", [("timeout", "\(question.seconds)")])))
    }

    func answer(_ afterwards: CallDesk.Afterwards, action: String?) -> HTTPResponse {
        .xml(Markup.document(afterwards, action: action))
    }

    func dialled(in request: HTTPRequest) -> DialledEnd? { DialledEnd(request) }

    func news(in request: HTTPRequest) -> CarrierNews? { CarrierNews(form: request) }
}
