package import Foundation

/// Twilio's REST interface for calls (api.twilio.com/2010-04-01), and that of those who have made theirs after it:
/// SignalWire's compatibility interface, and Telnyx' for TeXML.
package struct CompatibleCallControl: CallControlDialect {
    /// How a request is written.
    private enum Style: Sendable {
        case form
        /// Telnyx: JSON with the same names; states that are wanted stand in one text, and the application must be named.
        case json(application: String)
    }

    package static let twilioURL = "https://api.twilio.com"
    package static let telnyxURL = "https://api.telnyx.com"

    package let name: String
    private let base: String
    private let suffix: String
    private let credentials: String
    private let style: Style
    private let longestRing: Int64

    /// - Parameters:
    ///   - url: `https://api.twilio.com`, a region of it, or the sandbox, without a slash at the end.
    ///   - account: `AC…`
    package static func twilio(url: String = twilioURL, account: String, authToken: String) -> Self {
        Self(
            name: "twilio", base: "\(url)/2010-04-01/Accounts/\(account)", suffix: ".json",
            credentials: basic(account, authToken), style: .form, longestRing: .max)
    }

    /// - Parameter url: `https://SPACE.signalwire.com`.
    package static func signalWire(url: String, project: String, token: String) -> Self {
        Self(
            name: "signalwire", base: "\(url)/api/laml/2010-04-01/Accounts/\(project)", suffix: ".json",
            credentials: basic(project, token), style: .form, longestRing: .max)
    }

    /// - Parameters:
    ///   - account: the id of the account, which stands in the paths.
    ///   - application: the TeXML application that the calls belong to.
    package static func telnyx(
        url: String = telnyxURL, account: String, apiKey: String, application: String
    ) -> Self {
        Self(
            name: "telnyx", base: "\(url)/v2/texml/Accounts/\(account)", suffix: "",
            credentials: "Bearer \(apiKey)", style: .json(application: application), longestRing: 120)
    }

    private static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    package func authorization(now: Date) -> String { credentials }

    // MARK: Requests

    package func place(_ request: OutboundCallRequest) -> CarrierRequest {
        let seconds = min(request.ringTimeout.components.seconds, longestRing)
        let events = ["initiated", "ringing", "answered", "completed"]
        switch style {
        case .form:
            var fields: [FormBody.Field] = [
                .init("To", request.to), .init("From", request.from), .init("Url", request.answerURL),
                .init("Method", "POST"), .init("StatusCallback", request.statusURL),
                .init("StatusCallbackMethod", "POST"),
            ]
            fields += events.map { FormBody.Field("StatusCallbackEvent", $0) }
            fields.append(.init("Timeout", "\(seconds)"))
            if let machineURL = request.machineURL {
                // Asynchronous: else the person who answers hears nothing until the verdict.
                fields += [
                    FormBody.Field("MachineDetection", "Enable"), .init("AsyncAmd", "true"),
                    .init("AsyncAmdStatusCallback", machineURL), .init("AsyncAmdStatusCallbackMethod", "POST"),
                ]
            }
            return CarrierRequest(method: "POST", url: "\(base)/Calls\(suffix)", body: .form(FormBody(fields)))
        case .json(let application):
            let order = TelnyxOrder(
                application: application, to: request.to, from: request.from, url: request.answerURL,
                statusCallback: request.statusURL, events: events.joined(separator: " "), timeout: Int(seconds),
                machineCallback: request.machineURL)
            return CarrierRequest(method: "POST", url: "\(base)/Calls\(suffix)", body: .json(CarrierJSON.bytes(order)))
        }
    }

    package func end(_ id: String, isAnswered: Bool) -> CarrierRequest {
        let body: CarrierRequest.Body
        switch style {
        case .form: body = .form(FormBody([.init("Status", isAnswered ? "completed" : "canceled")]))
        // One word for both.
        case .json: body = .json(CarrierJSON.bytes(["Status": "completed"]))
        }
        return CarrierRequest(method: "POST", url: path(of: id), body: body)
    }

    package func lookUp(_ id: String) -> [CarrierRequest] { [.get(path(of: id))] }

    /// The newest 50.
    package func list(_ wanted: CallSearch) -> [CarrierRequest] {
        [
            .get(
                "\(base)/Calls\(suffix)",
                [.init("To", wanted.to), .init("From", wanted.from), .init("PageSize", "50")])
        ]
    }

    private func path(of id: String) -> String { "\(base)/Calls/\(CarrierPath.escaped(id))\(suffix)" }

    // MARK: Answers

    package func placement(in body: [UInt8], of request: OutboundCallRequest) -> Placement {
        guard let answer = CarrierJSON.value(CompatibleCall.self, in: body) else { return .unreadable }
        if let call = answer.call { return .call(call) }
        // Telnyx' documents show an answer without an id.
        if case .json = style, answer.sid == nil, answer.status != nil { return .unnamed }
        return .unreadable
    }

    package func call(in body: [UInt8]) -> CarrierCall? { CarrierJSON.value(CompatibleCall.self, in: body)?.call }

    package func page(in body: [UInt8], for wanted: CallSearch) -> CallPage? {
        CarrierJSON.value(CompatiblePage.self, in: body).map { CallPage(calls: $0.calls.compactMap(\.call)) }
    }

    /// Twilio's numbers of what is wrong with a number.
    private static let wrongNumbers = [13_224, 21_211, 21_214, 21_217]

    package func fault(in body: [UInt8]) -> CarrierFault {
        switch style {
        case .form:
            let fault = CarrierJSON.value(CompatibleFault.self, in: body)
            let isNumber = fault?.code.map(Self.wrongNumbers.contains) ?? false
            return CarrierFault(
                code: fault?.code, words: fault?.message, kind: isNumber ? .wrongNumber : .other)
        case .json:
            guard let fault = CarrierJSON.value(TelnyxFaults.self, in: body)?.errors.first else {
                return CarrierFault()
            }
            let code = Int(fault.code ?? "")
            let kind: CarrierFault.Kind =
                switch code {
                case 90_018: .overAlready
                case 10_016: .wrongNumber
                default: .other
                }
            let words = [fault.title, fault.detail].compactMap { $0 }.joined(separator: ": ")
            return CarrierFault(code: code, words: words.isEmpty ? nil : words, kind: kind)
        }
    }
}

private struct TelnyxOrder: Encodable {
    var application: String
    var to: String
    var from: String
    var url: String
    var urlMethod = "POST"
    var statusCallback: String
    var statusCallbackMethod = "POST"
    var events: String
    var timeout: Int
    var machineDetection: String?
    var isAsynchronous: Bool?
    var machineCallback: String?
    var machineCallbackMethod: String?

    enum CodingKeys: String, CodingKey {
        case application = "ApplicationSid"
        case to = "To"
        case from = "From"
        case url = "Url"
        case urlMethod = "UrlMethod"
        case statusCallback = "StatusCallback"
        case statusCallbackMethod = "StatusCallbackMethod"
        case events = "StatusCallbackEvent"
        case timeout = "Timeout"
        case machineDetection = "MachineDetection"
        case isAsynchronous = "AsyncAmd"
        case machineCallback = "AsyncAmdStatusCallback"
        case machineCallbackMethod = "AsyncAmdStatusCallbackMethod"
    }

    init(
        application: String, to: String, from: String, url: String, statusCallback: String, events: String,
        timeout: Int, machineCallback: String?
    ) {
        self.application = application
        self.to = to
        self.from = from
        self.url = url
        self.statusCallback = statusCallback
        self.events = events
        // Less than five seconds is refused.
        self.timeout = max(timeout, 5)
        guard let machineCallback else { return }
        machineDetection = "Enable"
        isAsynchronous = true
        self.machineCallback = machineCallback
        machineCallbackMethod = "POST"
    }
}

private struct TelnyxFaults: Decodable {
    struct Fault: Decodable {
        var code: String?
        var title: String?
        var detail: String?
    }
    var errors: [Fault]
}

private struct CompatibleFault: Decodable {
    var code: Int?
    var message: String?

    enum CodingKeys: String, CodingKey { case code, message }

    /// A number with Twilio, a text with others.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        message = try? container.decodeIfPresent(String.self, forKey: .message)
        code = try? container.decodeIfPresent(Int.self, forKey: .code)
    }
}

private struct CompatiblePage: Decodable {
    var calls: [CompatibleCall]
}

private struct CompatibleCall: Decodable {
    var sid: String?
    var to: String?
    var from: String?
    var status: String?
    var dateCreated: String?
    var duration: Int?
    var answeredBy: String?

    enum CodingKeys: String, CodingKey {
        case sid, to, from, status, duration
        case dateCreated = "date_created"
        case answeredBy = "answered_by"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sid = try container.decodeIfPresent(String.self, forKey: .sid)
        to = try container.decodeIfPresent(String.self, forKey: .to)
        from = try container.decodeIfPresent(String.self, forKey: .from)
        status = try container.decodeIfPresent(String.self, forKey: .status)
        dateCreated = try container.decodeIfPresent(String.self, forKey: .dateCreated)
        answeredBy = try container.decodeIfPresent(String.self, forKey: .answeredBy)
        // A text with Twilio, a number with SignalWire.
        if let text = try? container.decodeIfPresent(String.self, forKey: .duration) {
            duration = Int(text)
        } else {
            duration = try? container.decodeIfPresent(Int.self, forKey: .duration)
        }
    }

    /// Nil when its status is none that is known: then nothing is known.
    var call: CarrierCall? {
        guard let sid, let status = status.flatMap(CarrierCall.Status.init) else { return nil }
        return CarrierCall(
            id: sid, to: to ?? "", from: from ?? "", status: status, created: dateCreated.flatMap(CarrierTime.date),
            duration: duration.map { .seconds($0) }, answeredBy: answeredBy)
    }
}
