import Networking
import Telephony

/// Call markup in XML, as Twilio invented it and others speak it with words of their own.
enum Markup {
    indirect enum Node {
        case element(String, [(String, String)], [Node])
        case text(String)

        static func element(_ name: String, _ attributes: [(String, String)]) -> Node { .element(name, attributes, []) }
    }

    static func document(_ nodes: [Node]) -> String {
        #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<Response>" + nodes.map(text).joined() + "</Response>\n"
    }

    /// What most of them understand.
    ///
    /// - Parameter action: asked when the dialling is over.
    static func document(_ afterwards: CallDesk.Afterwards, action: String? = nil) -> String {
        let attributes = action.map { [("action", $0), ("method", "POST")] } ?? []
        return switch afterwards {
        case .hangUp: document([.element("Hangup", [])])
        case .transfer(.number(let number)): document([.element("Dial", attributes, [.text(number)])])
        case .transfer(.sip(let address)):
            document([.element("Dial", attributes, [.element("Sip", [], [.text(address)])])])
        }
    }

    /// Speaks, and ends the call.
    ///
    /// - Parameter verb: `Say`, but for those who have another word for it.
    static func document(_ message: SpokenMessage, verb: String = "Say") -> String {
        document([
            .element(verb, [("language", message.language)], [.text(message.text)]), .element("Hangup", []),
        ])
    }

    /// Speaks, and waits for one key, which may come before the end. With or without one the carrier asks at `action`.
    ///
    /// - Parameters:
    ///   - gather: the element, with what of it is not the same everywhere.
    ///   - verb: as with a message.
    static func document(
        _ question: KeyQuestion, action: String, gather: (name: String, attributes: [(String, String)]),
        verb: String = "Say"
    ) -> String {
        document([
            .element(
                gather.name, [("action", action), ("method", "POST"), ("numDigits", "1")] + gather.attributes,
                question.messages.map { Node.element(verb, [("language", $0.language)], [.text($0.text)]) }),
            .element("Redirect", [("method", "POST")], [.text(action)]),
        ])
    }

    private static func text(_ node: Node) -> String {
        switch node {
        case .text(let text): return TwiML.escaped(text)
        case .element(let name, let attributes, let children):
            let opening = "<" + name + attributes.map { " \($0.0)=\"\(TwiML.escaped($0.1))\"" }.joined()
            return children.isEmpty ? opening + "/>" : opening + ">" + children.map(text).joined() + "</\(name)>"
        }
    }
}

extension WebhookProof {
    /// Nothing can be proven, so nothing is believed.
    static func unset(_ key: String) -> WebhookProof {
        .refused(.unset, reason: "\(key) is not set", answer: "This service cannot check signatures.")
    }
}

extension DialledEnd {
    /// Of a form; nil when it does not say.
    init?(_ request: HTTPRequest, field: String = "DialCallStatus") {
        guard let form = try? FormBody(decoding: request.body), let status = form[field] else { return nil }
        self.init(status)
    }
}

extension WebhookCarrier {
    /// The key in a form.
    func key(in request: HTTPRequest) -> String? {
        guard let form = try? FormBody(decoding: request.body), let digits = form["Digits"] else { return nil }
        return digits.isEmpty ? nil : digits
    }
}

extension CarrierNews {
    /// Of a form with Twilio's names.
    init?(form request: HTTPRequest) {
        guard let form = try? FormBody(decoding: request.body) else { return nil }
        self.init(report: CarrierReport(form), answeredBy: form["AnsweredBy"])
        if report == nil, answeredBy == nil { return nil }
    }
}

extension WebhookCall {
    /// Of a form with the usual names.
    init?(form request: HTTPRequest, id: String) {
        guard let form = try? FormBody(decoding: request.body), let call = form[id] else { return nil }
        self.init(
            id: call, from: CarrierNumber.e164(form["From"] ?? ""), to: CarrierNumber.e164(form["To"] ?? ""),
            isOver: Self.isOver(form))
    }

    /// Carriers ask what now also where the caller has hung up.
    static func isOver(_ form: FormBody) -> Bool {
        form["CallStatus"].flatMap(CarrierCall.Status.init(rawValue:))?.isTerminal == true
    }
}
