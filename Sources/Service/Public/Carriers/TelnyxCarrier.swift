import Networking
import Telephony

/// Telnyx with TeXML: forms in, markup out, signed with Ed25519.
struct TelnyxCarrier: WebhookCarrier {
    let name = "telnyx"
    let signature: TelnyxSignature?
    /// Of either direction; the caller's may come in another.
    let codec: TelnyxCodec

    var mediaParameters: [String: String] { ["codec": codec.rawValue] }

    func proof(of request: HTTPRequest, url: String, now: Duration) -> WebhookProof {
        guard let signature else { return .unset("carriers.telnyx.public_key") }
        guard let given = request[header: TelnyxSignature.header],
            let time = request[header: TelnyxSignature.timeHeader]
        else { return .missing(TelnyxSignature.header) }
        switch signature.verdict(on: given, time: time, body: request.body, now: now) {
        case .valid: return .valid
        case .stale: return .stale
        case .invalid: return .mismatch
        }
    }

    func call(in request: HTTPRequest) -> WebhookCall? { .init(form: request, id: "CallSid") }

    func connect(_ media: String, afterwards: String) -> HTTPResponse {
        let rate = codec.samplingRate.map { [("bidirectionalSamplingRate", "\($0)")] } ?? []
        // Synchronous: what follows is done once the stream has ended.
        return .xml(
            Markup.document([
                .element(
                    "Connect", [],
                    [
                        .element(
                            "Stream",
                            [
                                ("url", media), ("track", "inbound_track"), ("codec", codec.name),
                                ("bidirectionalMode", "rtp"), ("bidirectionalCodec", codec.name),
                            ] + rate)
                    ]), .element("Redirect", [("method", "POST")], [.text(afterwards)]),
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

    func news(in request: HTTPRequest) -> CarrierNews? {
        var news = CarrierNews(form: request)
        // `not_sure` with the plain detector, and the names of the better one.
        switch news?.answeredBy {
        case "machine", "machine_start", "silence": news?.answeredBy = "machine_start"
        case "human", "human_residence", "human_business": news?.answeredBy = "human"
        case "fax", "fax_detected": news?.answeredBy = "fax"
        case nil: break
        default: news?.answeredBy = "unknown"
        }
        return news
    }
}
