package import Callers
package import Crypto
import Foundation
package import Networking
package import Telephony

/// Twilio as the sandbox, and those who have made their interfaces after it: SignalWire, and Telnyx with TeXML.
package struct CompatibleSandbox: SandboxDialect {
    enum Kind: Sendable {
        case twilio
        case signalWire(TwilioSignature)
        case telnyx(application: String, Curve25519.Signing.PrivateKey)
    }

    let kind: Kind

    package static let twilio = CompatibleSandbox(kind: .twilio)

    /// - Parameter signingKey: of the project; signs webhooks.
    package static func signalWire(signingKey: String) -> Self {
        Self(kind: .signalWire(TwilioSignature(authToken: signingKey)))
    }

    /// - Parameter key: signs webhooks.
    package static func telnyx(application: String, key: Curve25519.Signing.PrivateKey) -> Self {
        Self(kind: .telnyx(application: application, key))
    }

    package func makeID() -> String {
        let id = UUID().uuidString.lowercased()
        return switch kind {
        case .twilio: "CA" + id.filter { $0 != "-" }
        case .signalWire: id
        case .telnyx: "v3:" + id
        }
    }

    // MARK: REST

    package func respond(to request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        guard request[header: "authorization"] == authorization(desk.access) else {
            return fault(401, code: 20003, "Authentication Error - invalid username")
        }
        let (base, suffix) = place(desk.access)
        guard request.path.hasPrefix(base), request.path.hasSuffix(suffix) else {
            return fault(404, code: 20404, "The requested resource was not found")
        }
        let raw = request.path.dropFirst(base.count).dropLast(suffix.count).drop { $0 == "/" }
        let id = String(raw).removingPercentEncoding ?? String(raw)
        switch (request.method, id.isEmpty) {
        case ("POST", true): return place(request, at: desk)
        case ("GET", true): return list(request, at: desk)
        case ("GET", false): return show(id, at: desk)
        case ("POST", false): return change(id, request, at: desk)
        default: return .methodNotAllowed(allowed: ["GET", "POST"])
        }
    }

    private func authorization(_ access: SandboxAccess) -> String {
        if case .telnyx = kind { return "Bearer \(access.secret)" }
        return "Basic " + Data("\(access.account):\(access.secret)".utf8).base64EncodedString()
    }

    private func place(_ access: SandboxAccess) -> (base: String, suffix: String) {
        switch kind {
        case .twilio: ("/2010-04-01/Accounts/\(access.account)/Calls", ".json")
        case .signalWire: ("/api/laml/2010-04-01/Accounts/\(access.account)/Calls", ".json")
        case .telnyx: ("/v2/texml/Accounts/\(access.account)/Calls", "")
        }
    }

    private func fault(_ status: Int, code: Int, _ message: String) -> HTTPResponse {
        let quoted = JSONText.quoted(message)
        if case .telnyx = kind {
            return .json(#"{"errors":[{"code":"\#(code)","title":\#(quoted)}]}"#, status: status)
        }
        return .json(#"{"code":\#(code),"message":\#(quoted),"status":\#(status)}"#, status: status)
    }

    private func place(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        do {
            let placement = try desk.take { () throws(SandboxOrder.Fault) in
                guard case .telnyx(let application, _) = kind else { return try SandboxOrder(form: request.body) }
                return try SandboxOrder(telnyx: request.body, application: application)
            }
            switch placement {
            case .placed(let call): return .json(json(call, desk.access), status: 201)
            case .refused(let status):
                return fault(status, code: status == 429 ? 20429 : 20500, "refused as configured")
            case .answerLost: return fault(500, code: 20500, "Internal Server Error")
            }
        } catch {
            return fault(error.status, code: error.code, error.message)
        }
    }

    private func list(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let query = Query(request.query)
        let page = desk.calls().filter { call in
            (query["To"] ?? call.to) == call.to && (query["From"] ?? call.from) == call.from
        }.prefix(query["PageSize"].flatMap { Int($0) } ?? 50).map { json($0, desk.access) }
        return .json(#"{"calls":[\#(page.joined(separator: ","))],"page":0,"next_page_uri":null}"#)
    }

    private func show(_ id: String, at desk: SandboxDesk) -> HTTPResponse {
        guard let call = desk.call(id) else {
            return fault(404, code: 20404, "The requested resource /Calls/\(id) was not found")
        }
        return .json(json(call, desk.access))
    }

    private func change(_ id: String, _ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let status: String?
        if case .telnyx = kind {
            status = (try? JSONDecoder().decode([String: String].self, from: Data(request.body)))?["Status"]
        } else {
            status = (try? FormBody(decoding: request.body))?["Status"]
        }
        guard let status, ["completed", "canceled"].contains(status) else {
            return fault(400, code: 20001, "Status must be completed or canceled")
        }
        let isEnded = desk.end(id)
        if case .telnyx = kind, !isEnded, desk.call(id) != nil {
            return fault(422, code: 90018, "Call has already ended")
        }
        return show(id, at: desk)
    }

    private func json(_ call: SandboxCall, _ access: SandboxAccess) -> String {
        func text(_ value: String?) -> String { value.map(JSONText.quoted) ?? "null" }
        let seconds = call.status.isTerminal ? "\(call.duration)" : nil
        let duration: String
        // A number with SignalWire.
        if case .signalWire = kind { duration = seconds ?? "null" } else { duration = text(seconds) }
        return """
            {"sid":"\(call.id)","account_sid":"\(access.account)","to":\(text(call.to)),"from":\(text(call.from)),\
            "status":"\(call.status.rawValue)","date_created":\(text(CarrierTime.text(call.created))),\
            "start_time":\(text(call.answered.map(CarrierTime.text))),"end_time":\(text(call.ended.map(CarrierTime.text))),\
            "duration":\(duration),"answered_by":\(text(call.answeredBy)),"direction":"outbound-api"}
            """
    }

    // MARK: Webhooks

    package func address(of news: SandboxNews, _ order: SandboxOrder) -> String? {
        switch news {
        case .initiated: order.events.contains(.initiated) ? order.statusURL : nil
        case .ringing: order.events.contains(.ringing) ? order.statusURL : nil
        case .answered: order.events.contains(.answered) ? order.statusURL : nil
        case .ended: order.statusURL
        case .machine: order.machineURL
        case .asked, .afterStream, .dialled, .unreached, .pressed: nil
        }
    }

    package func webhook(
        _ news: SandboxNews, of call: SandboxCall, to url: String, sequence: Int, _ access: SandboxAccess
    ) -> SandboxWebhook {
        var fields: [FormBody.Field] = [
            .init("CallSid", call.id), .init("AccountSid", access.account), .init("From", call.from),
            .init("To", call.to), .init("CallStatus", status(of: news)),
            .init("Direction", call.isInbound ? "inbound" : "outbound-api"),
        ]
        if case .twilio = kind { fields.append(.init("ApiVersion", "2010-04-01")) }
        switch news {
        case .initiated, .ringing, .answered, .ended:
            fields += [
                .init("SequenceNumber", "\(sequence)"), .init("CallbackSource", "call-progress-events"),
                .init("Timestamp", CarrierTime.text(Date())),
            ]
        case .machine(let answeredBy): fields += machine(answeredBy)
        case .dialled(let status): fields.append(.init("DialCallStatus", status.rawValue))
        case .pressed(let key): fields.append(.init("Digits", key))
        // That an HTTP retrieval failed.
        case .unreached(let url, _): fields += [.init("ErrorCode", "11200"), .init("ErrorUrl", url)]
        case .asked, .afterStream: break
        }
        if case .ended(_, let sipCode, let seconds) = news {
            fields += [.init("CallDuration", "\(seconds)"), .init("Duration", "1")]
            if let sipCode { fields.append(end(sipCode)) }
        }
        let form = FormBody(fields)
        let body = form.encoded()
        return SandboxWebhook(
            headers: [("Content-Type", "application/x-www-form-urlencoded")] + proof(form, body, url, access),
            body: body)
    }

    private func status(of news: SandboxNews) -> String {
        switch news {
        case .initiated: "initiated"
        case .ringing: "ringing"
        case .answered, .asked, .machine, .afterStream, .dialled, .unreached, .pressed: "in-progress"
        case .ended(let status, _, _): status.rawValue
        }
    }

    private func machine(_ answeredBy: String) -> [FormBody.Field] {
        if case .telnyx = kind {
            let word = answeredBy == "human" ? "human" : answeredBy == "fax" ? "fax_detected" : "machine"
            return [.init("AnsweredBy", word)]
        }
        return [.init("AnsweredBy", answeredBy), .init("MachineDetectionDuration", "600")]
    }

    private func end(_ sipCode: Int) -> FormBody.Field {
        guard case .telnyx = kind else { return .init("SipResponseCode", "\(sipCode)") }
        let cause =
            switch sipCode {
            case 486: "user_busy"
            case 480: "no_answer"
            case 487: "originator_cancel"
            case 603: "call_rejected"
            case 404: "not_found"
            case 200: "normal_clearing"
            default: "unspecified"
            }
        return .init("HangupCause", cause)
    }

    private func proof(
        _ form: FormBody, _ body: [UInt8], _ url: String, _ access: SandboxAccess
    ) -> [(String, String)] {
        switch kind {
        case .twilio:
            return [("X-Twilio-Signature", TwilioSignature(authToken: access.secret).sign(url: url, form: form))]
        case .signalWire(let signature): return [("X-SignalWire-Signature", signature.sign(url: url, form: form))]
        case .telnyx(_, let key):
            let time = "\(Int(Date().timeIntervalSince1970))"
            // Signing what is in memory does not fail.
            let signature = (try? key.signature(for: Array("\(time)|".utf8) + body)) ?? Data()
            return [
                (TelnyxSignature.header, signature.base64EncodedString()), (TelnyxSignature.timeHeader, time),
            ]
        }
    }

    package func media(_ start: MediaStart) -> any CarrierMedia {
        if case .telnyx = kind { return TelnyxCarrierMedia(start) }
        return TwilioCarrierMedia(start)
    }
}
