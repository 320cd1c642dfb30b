package import Callers
import Crypto
import CryptoExtras
import Foundation
package import Networking
package import Telephony

/// Vonage's Voice API as the sandbox: JSON in both directions; requests come with a token of RS256, webhooks go with one
/// of HS256.
package struct VonageSandbox: SandboxDialect {
    private let application: String
    private let key: _RSA.Signing.PublicKey
    private let signature: VonageSignature
    /// Tokens that were shown: each is good once.
    private let shown = Lock<Set<String>>([])

    /// - Parameters:
    ///   - privateKey: of the application, in PEM; its public half checks requests.
    ///   - signatureSecret: signs webhooks.
    package init(application: String, privateKey: String, signatureSecret: String) throws {
        self.application = application
        key = try _RSA.Signing.PrivateKey(pemRepresentation: privateKey).publicKey
        signature = VonageSignature(secret: signatureSecret)
    }

    /// A private key for an application, in PEM.
    package static func makeKey() throws -> String {
        try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation
    }

    package func makeID() -> String { UUID().uuidString.lowercased() }

    // MARK: REST

    package func respond(to request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        if let reason = objection(to: request[header: "authorization"] ?? "") {
            return Self.fault(401, "Unauthorized", reason)
        }
        let base = "/v1/calls"
        guard request.path == base || request.path.hasPrefix(base + "/") else {
            return Self.fault(404, "Not Found", "there is nothing at this address")
        }
        let id = String(request.path.dropFirst(base.count + 1))
        switch (request.method, id.isEmpty) {
        case ("POST", true): return place(request, at: desk)
        case ("GET", true): return list(request, at: desk)
        case ("GET", false):
            guard let call = desk.call(id) else { return Self.fault(404, "Not Found", "no such call") }
            return .json(Self.json(call))
        case ("PUT", false): return change(id, request, at: desk)
        default: return .methodNotAllowed(allowed: ["GET", "POST", "PUT"])
        }
    }

    private struct Claims: Decodable {
        var application: String
        var issued: Int
        var expires: Int
        var id: String

        enum CodingKeys: String, CodingKey {
            case application = "application_id"
            case issued = "iat"
            case expires = "exp"
            case id = "jti"
        }
    }

    /// Why a token is not believed.
    private func objection(to authorization: String) -> String? {
        guard authorization.hasPrefix("Bearer ") else { return "there is no token" }
        let parts = authorization.dropFirst("Bearer ".count).split(separator: ".", omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 3, let head = Self.bytes(parts[0]), let body = Self.bytes(parts[1]),
            let given = Self.bytes(parts[2]),
            let fields = try? JSONDecoder().decode([String: String].self, from: head), fields["alg"] == "RS256"
        else { return "the token is none of RS256" }
        guard
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: given),
                for: SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8)), padding: .insecurePKCS1v1_5)
        else { return "the token's signature is not the application's" }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: body) else { return "a claim is missing" }
        guard claims.application == application else { return "the token is another application's" }
        let now = Int(Date().timeIntervalSince1970)
        guard abs(now - claims.issued) < 60, claims.expires > now, claims.expires - claims.issued <= 86_400 else {
            return "the token is not good now"
        }
        guard shown.withLock({ $0.insert(claims.id).inserted }) else { return "the token was shown before" }
        return nil
    }

    private static func bytes(_ text: String) -> Data? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }

    private static func fault(_ status: Int, _ title: String, _ detail: String, field: String? = nil) -> HTTPResponse {
        let invalid = field.map { #","invalid_parameters":[{"name":"\#($0)","reason":"invalid"}]"# } ?? ""
        return .json(
            #"{"type":"https://developer.vonage.com/","title":\#(JSONText.quoted(title)),"detail":\#(JSONText.quoted(detail)),"instance":"sandbox"\#(invalid)}"#,
            status: status)
    }

    private func place(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        do {
            switch try desk.take({ () throws(SandboxOrder.Fault) in try SandboxOrder(vonage: request.body) }) {
            case .placed(let call):
                return .json(
                    #"{"uuid":"\#(call.id)","status":"started","direction":"outbound","conversation_uuid":"\#(Self.conversation(call))"}"#,
                    status: 201)
            case .refused(let status): return Self.fault(status, "Refused", "refused as configured")
            case .answerLost: return Self.fault(500, "Internal Error", "internal error")
            }
        } catch {
            return Self.fault(400, "Bad Request", error.message, field: error.field)
        }
    }

    private func list(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let query = Query(request.query)
        let known: Set = [
            "date_start", "date_end", "status", "page_size", "record_index", "order", "conversation_uuid",
        ]
        if let stranger = query.items.first(where: { !known.contains($0.name) }) {
            return Self.fault(400, "Bad Request", "there is no parameter \(stranger.name)")
        }
        guard let size = Int(query["page_size"] ?? "10"), (1...100).contains(size) else {
            return Self.fault(400, "Bad Request", "page_size must be 1 to 100")
        }
        let since = query["date_start"].flatMap(CarrierTime.date) ?? .distantPast
        let newest = desk.calls().filter { $0.created >= since }
        let found = (query["order"] == "desc" ? newest : newest.reversed()).prefix(size).map(Self.json)
        return .json(
            """
            {"count":\(newest.count),"page_size":\(size),"record_index":0,\
            "_links":{"self":{"href":"/v1/calls"}},"_embedded":{"calls":[\(found.joined(separator: ","))]}}
            """)
    }

    private func change(_ id: String, _ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let fields = try? JSONDecoder().decode([String: String].self, from: Data(request.body))
        guard fields == ["action": "hangup"] else { return Self.fault(400, "Bad Request", "action must be hangup") }
        guard desk.call(id) != nil else { return Self.fault(404, "Not Found", "no such call") }
        return desk.end(id)
            ? HTTPResponse(status: 204)
            : Self.fault(400, "Bad Request", "the call is in a completed state")
    }

    private static func conversation(_ call: SandboxCall) -> String { "CON-\(call.id)" }

    private static func json(_ call: SandboxCall) -> String {
        let times = [("start_time", call.answered), ("end_time", call.ended)].map { name, date in
            date.map { #","\#(name)":"\#($0.formatted(.iso8601))""# } ?? ""
        }
        let duration = call.status.isTerminal ? #","duration":"\#(call.duration)""# : ""
        return """
            {"uuid":"\(call.id)","conversation_uuid":"\(conversation(call))","status":"\(word(call.status, call.sipCode))",\
            "direction":"outbound","to":\(endpoint(call.to)),\
            "from":{"type":"phone","number":"\(CarrierNumber.bare(call.from))"},\
            "_links":{"self":{"href":"/v1/calls/\(call.id)"}}\(times.joined())\(duration)}
            """
    }

    private static func endpoint(_ address: String) -> String {
        CarrierNumber.isSIP(address)
            ? #"{"type":"sip","uri":\#(JSONText.quoted(address))}"#
            : #"{"type":"phone","number":"\#(CarrierNumber.bare(address))"}"#
    }

    private static func word(_ status: CarrierCall.Status, _ sipCode: Int?) -> String {
        switch status {
        case .queued, .initiated: "started"
        case .ringing: "ringing"
        case .inProgress: "answered"
        case .completed: "completed"
        case .busy: "busy"
        case .noAnswer: "unanswered"
        case .canceled: "cancelled"
        case .failed: sipCode == 603 ? "rejected" : "failed"
        }
    }

    // MARK: Webhooks

    package func address(of news: SandboxNews, _ order: SandboxOrder) -> String? {
        switch news {
        case .initiated, .ringing, .answered, .ended: order.statusURL
        case .machine: order.machineURL
        case .asked, .afterStream, .unreached, .dialled, .pressed: nil
        }
    }

    package func webhook(
        _ news: SandboxNews, of call: SandboxCall, to url: String, sequence: Int, _ access: SandboxAccess
    ) -> SandboxWebhook {
        var leg = call.id
        var to = CarrierNumber.bare(call.to)
        var rest = ""
        let status: String?
        var news = news
        // What it wanted to say before, and to whom.
        if case .unreached(let url, let before) = news {
            let kind = before == .asked ? "answer" : "event"
            rest +=
                #","reason":"Connection refused","original_request":{"url":\#(JSONText.quoted(url)),"type":"\#(kind)"}"#
            news = before
        }
        switch news {
        case .asked, .unreached: status = nil
        case .pressed(let key):
            status = nil
            let digits = key.isEmpty ? "null" : JSONText.quoted(key)
            rest +=
                #","dtmf":{"digits":\#(digits),"timed_out":\#(key.isEmpty)},"timestamp":"\#(Date().formatted(.iso8601))""#
        case .initiated: status = "started"
        case .ringing: status = "ringing"
        case .answered: status = "answered"
        case .machine(let answeredBy): status = answeredBy == "human" ? "human" : "machine"
        case .ended(let how, let sipCode, let seconds):
            status = Self.word(how, sipCode)
            if how == .completed { rest += #","duration":"\#(seconds)""# }
            if sipCode == 404 { rest += #","detail":"unallocated_number""# }
        case .afterStream:
            // The socket is a leg of its own.
            leg += "-socket"
            to = ""
            status = "disconnected"
        case .dialled(let how):
            leg += "-dialled"
            to = "493012345678"
            status = Self.word(how, nil)
        }
        if let status { rest += #","status":"\#(status)","timestamp":"\#(Date().formatted(.iso8601))""# }
        let direction = call.isInbound ? "inbound" : "outbound"
        let body = Array(
            """
            {"uuid":"\(leg)","conversation_uuid":"\(Self.conversation(call))","from":"\(CarrierNumber.bare(call.from))",\
            "to":"\(to)","direction":"\(direction)"\(rest)}
            """.utf8)
        let token = signature.token(
            body: body, id: UUID().uuidString, now: .seconds(Date().timeIntervalSince1970))
        return SandboxWebhook(
            headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(token)")], body: body)
    }

    package func media(_ start: MediaStart) -> any CarrierMedia { VonageCarrierMedia(start) }
}
