import Networking
import Telephony

/// Plivo: forms in, markup out, signed with V3.
struct PlivoCarrier: WebhookCarrier {
    let name = "plivo"
    let signature: PlivoSignature?

    func proof(of request: HTTPRequest, url: String, now: Duration) -> WebhookProof {
        guard let signature else { return .unset("carriers.plivo.auth_token") }
        guard let given = request[header: PlivoSignature.header],
            let nonce = request[header: PlivoSignature.nonceHeader], let form = try? FormBody(decoding: request.body)
        else { return .missing(PlivoSignature.header) }
        return signature.isValid(given, nonce: nonce, url: url, form: form) ? .valid : .mismatch
    }

    func call(in request: HTTPRequest) -> WebhookCall? { .init(form: request, id: "CallUUID") }

    func connect(_ media: String, afterwards: String) -> HTTPResponse {
        .xml(
            Markup.document([
                .element(
                    "Stream",
                    [
                        ("bidirectional", "true"), ("keepCallAlive", "true"), ("audioTrack", "inbound"),
                        ("contentType", "audio/x-mulaw;rate=8000"),
                    ], [.text(media)]), .element("Redirect", [("method", "POST")], [.text(afterwards)]),
            ]))
    }

    func refuse() -> HTTPResponse { .xml(Markup.document([.element("Hangup", [("reason", "busy")])])) }

    func say(_ message: SpokenMessage) -> HTTPResponse { .xml(Markup.document(message, verb: "Speak")) }

    func ask(_ question: KeyQuestion, action: String) -> HTTPResponse {
        // Of its own verbs for this the one that it does not advise against; 5 seconds at least.
        let wait = [("inputType", "dtmf"), ("executionTimeout", "\(max(5, question.seconds))")]
        return .xml(Markup.document(question, action: action, gather: ("GetInput", wait), verb: "Speak"))
    }

    func answer(_ afterwards: CallDesk.Afterwards, action: String?) -> HTTPResponse {
        guard case .transfer(let destination) = afterwards else { return .xml(Markup.document(afterwards)) }
        let noun =
            switch destination {
            case .number: "Number"
            case .sip: "User"
            }
        let attributes = action.map { [("action", $0), ("method", "POST"), ("redirect", "true")] } ?? []
        return .xml(
            Markup.document([.element("Dial", attributes, [.element(noun, [], [.text(destination.address)])])]))
    }

    func dialled(in request: HTTPRequest) -> DialledEnd? { DialledEnd(request, field: "DialStatus") }

    func news(in request: HTTPRequest) -> CarrierNews? {
        guard let form = try? FormBody(decoding: request.body) else { return nil }
        var news = CarrierNews()
        if let machine = form["Machine"]?.lowercased() {
            news.answeredBy = machine == "true" ? "machine_start" : "human"
        }
        if let status = form["CallStatus"].flatMap(PlivoCallControl.status) {
            let code = form["HangupCauseCode"].flatMap { Int($0) }
            news.report = CarrierReport(
                status: status, sipCode: code.flatMap(PlivoCallControl.sipCode),
                duration: form["Duration"].flatMap { Int($0) }.map { .seconds($0) }, cause: form["HangupCauseName"])
        }
        return news == CarrierNews() ? nil : news
    }
}
