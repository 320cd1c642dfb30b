package import Callers
import Foundation
package import Networking
package import Telephony

/// Plivo as the sandbox: JSON in, forms and markup out, signed with V3.
package struct PlivoSandbox: SandboxDialect {
    package init() {}

    package func makeID() -> String { UUID().uuidString.lowercased() }

    // MARK: REST

    package func respond(to request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let access = desk.access
        let expected = Data("\(access.account):\(access.secret)".utf8).base64EncodedString()
        guard request[header: "authorization"] == "Basic \(expected)" else {
            return .text("Could not verify your access level for that URL.", status: 401)
        }
        let base = "/v1/Account/\(access.account)/Call/"
        guard request.path.hasPrefix(base), request.path.hasSuffix("/") else { return Self.fault(404, "not found") }
        let id = String(request.path.dropFirst(base.count).dropLast())
        switch (request.method, id.isEmpty) {
        case ("POST", true): return place(request, at: desk)
        case ("GET", true): return list(request, at: desk)
        case ("GET", false): return show(id, among: Query(request.query)["status"], at: desk)
        case ("DELETE", false):
            return desk.end(id) ? HTTPResponse(status: 204) : Self.fault(404, "call not found")
        default: return .methodNotAllowed(allowed: ["GET", "POST", "DELETE"])
        }
    }

    private static func fault(_ status: Int, _ message: String) -> HTTPResponse {
        .json(#"{"api_id":"sandbox","error":\#(JSONText.quoted(message))}"#, status: status)
    }

    private func place(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        do {
            switch try desk.take({ () throws(SandboxOrder.Fault) in try SandboxOrder(plivo: request.body) }) {
            case .placed:
                // The id of the request, and not of the call.
                return .json(
                    #"{"message":"call fired","request_uuid":"\#(makeID())","api_id":"\#(makeID())"}"#, status: 201)
            case .refused(let status): return Self.fault(status, "refused as configured")
            case .answerLost: return Self.fault(500, "internal error")
            }
        } catch {
            return Self.fault(400, error.message)
        }
    }

    /// Calls that are held by their ids alone, others as records.
    private func list(_ request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse {
        let query = Query(request.query)
        switch query["status"] {
        case "live", "queued":
            let isQueued = query["status"] == "queued"
            let ids = desk.calls().filter { !$0.status.isTerminal && ($0.status == .queued) == isQueued }
                .map { "\"\($0.id)\"" }
            return .json(#"{"api_id":"sandbox","calls":[\#(ids.joined(separator: ","))]}"#)
        case nil:
            guard let limit = Int(query["limit"] ?? "20"), (1...20).contains(limit) else {
                return Self.fault(400, "limit must be 1 to 20")
            }
            let found = desk.calls().filter { call in
                call.status.isTerminal && query["to_number"].map { "+" + $0 == call.to } ?? true
                    && query["from_number"].map { "+" + $0 == call.from } ?? true
            }.prefix(limit).map(Self.record)
            return .json(
                #"{"api_id":"sandbox","meta":{"limit":\#(limit),"next":null,"offset":0,"previous":null},"objects":[\#(found.joined(separator: ","))]}"#
            )
        default: return Self.fault(400, "status must be live or queued")
        }
    }

    private func show(_ id: String, among kind: String?, at desk: SandboxDesk) -> HTTPResponse {
        guard let call = desk.call(id) else { return Self.fault(404, "call not found") }
        let actual = call.status.isTerminal ? nil : call.status == .queued ? "queued" : "live"
        guard kind == actual else { return Self.fault(404, "call not found") }
        guard kind != nil else { return .json(Self.record(call)) }
        // One that waits has not begun.
        let began = call.status == .queued ? "" : #","session_start":"\#(Self.time(call.created))""#
        return .json(
            """
            {"api_id":"sandbox","direction":"outbound","from":"\(CarrierNumber.bare(call.from))",\
            "call_status":"\(call.status.rawValue)","to":"\(CarrierNumber.bare(call.to))","caller_name":"",\
            "call_uuid":"\(call.id)"\(began)}
            """)
    }

    /// `2026-11-27 09:00:00+00:00`
    private static func time(_ date: Date) -> String {
        String(date.formatted(.iso8601).replacing("T", with: " ").dropLast()) + "+00:00"
    }

    private static func record(_ call: SandboxCall) -> String {
        let answered = call.answered.map { "\"\(time($0))\"" } ?? "null"
        let ended = call.ended.map { "\"\(time($0))\"" } ?? "null"
        return """
            {"answer_time":\(answered),"api_id":"sandbox","bill_duration":\(call.duration),"call_direction":"outbound",\
            "call_duration":\(call.duration),"call_uuid":"\(call.id)","end_time":\(ended),\
            "from_number":"\(call.from)","hangup_cause_code":\(cause(call.status, call.sipCode).code),\
            "initiation_time":"\(time(call.created))","resource_uri":"/v1/Account/sandbox/Call/\(call.id)/",\
            "to_number":"\(CarrierNumber.bare(call.to))"}
            """
    }

    private static func cause(_ status: CarrierCall.Status, _ sipCode: Int?) -> (code: Int, name: String) {
        switch (status, sipCode) {
        case (.busy, _): (3010, "Busy Line")
        case (.noAnswer, _): (3000, "No Answer")
        case (.canceled, _): (1000, "Canceled")
        case (.failed, 404): (2000, "Invalid Destination Address")
        case (.failed, 603): (3020, "Rejected")
        case (.failed, _): (0, "Unknown")
        default: (4000, "Normal Hangup")
        }
    }

    // MARK: Webhooks

    package func address(of news: SandboxNews, _ order: SandboxOrder) -> String? {
        switch news {
        case .ringing: order.statusURL
        case .ended: order.endURL
        case .machine: order.machineURL
        case .initiated, .answered, .asked, .afterStream, .unreached, .dialled, .pressed: nil
        }
    }

    package func webhook(
        _ news: SandboxNews, of call: SandboxCall, to url: String, sequence: Int, _ access: SandboxAccess
    ) -> SandboxWebhook {
        var fields: [FormBody.Field] = [
            .init("CallUUID", call.id), .init("From", CarrierNumber.bare(call.from)),
            .init("To", CarrierNumber.bare(call.to)), .init("Direction", call.isInbound ? "inbound" : "outbound"),
        ]
        switch news {
        case .initiated: fields.append(.init("CallStatus", "queued"))
        case .ringing: fields += [.init("CallStatus", "ringing"), .init("Event", "Ring")]
        case .answered, .asked, .unreached: fields += [.init("CallStatus", "in-progress"), .init("Event", "StartApp")]
        case .afterStream: fields += [.init("CallStatus", "in-progress"), .init("Event", "Redirect")]
        case .machine(let answeredBy):
            fields += [
                .init("Machine", answeredBy == "human" ? "false" : "true"), .init("Event", "MachineDetection"),
                .init("CallStatus", "in-progress"),
            ]
        case .dialled(let status): fields.append(.init("DialStatus", Self.dialWord(status)))
        case .pressed(let key):
            fields += [.init("CallStatus", "in-progress"), .init("InputType", "dtmf"), .init("Digits", key)]
        case .ended(let status, let sipCode, let seconds):
            let (code, name) = Self.cause(status, sipCode)
            fields += [
                .init("CallStatus", status == .canceled ? "cancel" : status.rawValue), .init("Event", "Hangup"),
                .init("HangupCauseCode", "\(code)"), .init("HangupCauseName", name),
                .init("HangupSource", "Carrier"), .init("Duration", "\(seconds)"),
                .init("BillDuration", "\((seconds + 59) / 60 * 60)"),
            ]
        }
        let form = FormBody(fields)
        let nonce = UUID().uuidString
        return SandboxWebhook(
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                (
                    PlivoSignature.header,
                    PlivoSignature(authToken: access.secret).sign(url: url, form: form, nonce: nonce)
                ), (PlivoSignature.nonceHeader, nonce),
            ], body: form.encoded())
    }

    private static func dialWord(_ status: CarrierCall.Status) -> String {
        status == .canceled ? "cancel" : status.rawValue
    }

    // MARK: Answers

    package func instructions(in answer: [UInt8]) -> [SandboxInstruction] {
        guard let elements = MarkupElement.response(in: answer) else { return [.fault("the answer is no Plivo XML")] }
        return elements.map { element in
            switch element.name {
            case "Stream": Self.stream(element)
            case "Dial": Self.dial(element)
            case "Speak": element.speech
            case "Redirect": element.redirection
            case "GetInput": Self.input(element)
            case "Hangup":
                element.stranger(attributes: ["reason", "schedule"]).map { .fault($0) }
                    ?? (element.attributes["reason"] == nil ? .hangUp : .reject)
            default: .fault("Response/\(element.name) is not known in the sandbox")
            }
        }
    }

    private static func stream(_ element: MarkupElement) -> SandboxInstruction {
        let known: Set = [
            "bidirectional", "keepCallAlive", "audioTrack", "contentType", "streamTimeout", "statusCallbackUrl",
            "statusCallbackMethod", "extraHeaders",
        ]
        if let stranger = element.stranger(attributes: known) { return .fault(stranger) }
        guard element.text.hasPrefix("ws") else { return .fault("Stream holds no address that begins with ws") }
        let wanted = [
            "bidirectional": "true", "keepCallAlive": "true", "audioTrack": "inbound",
            "contentType": "audio/x-mulaw;rate=8000",
        ]
        for (name, value) in wanted.sorted(by: { $0.key < $1.key }) where element.attributes[name] != value {
            return .fault("Stream must have \(name)=\"\(value)\" for a talk in µ-law")
        }
        return .stream(url: element.text, action: nil, parameters: [:])
    }

    private static func input(_ element: MarkupElement) -> SandboxInstruction {
        guard element.attributes["inputType"] == "dtmf" else { return .fault("GetInput must have inputType=\"dtmf\"") }
        return element.gathering(
            attributes: ["action", "method", "numDigits", "inputType"], wait: ("executionTimeout", 5...60),
            verb: "Speak")
    }

    private static func dial(_ element: MarkupElement) -> SandboxInstruction {
        if let stranger = element.stranger(attributes: ["action", "method", "redirect"], children: ["Number", "User"]) {
            return .fault(stranger)
        }
        guard let whom = element.children.first?.text, !whom.isEmpty else { return .fault("Dial holds nobody") }
        return .dial(whom, action: element.attributes["redirect"] == "false" ? nil : element.attributes["action"])
    }

    package func media(_ start: MediaStart) -> any CarrierMedia { PlivoCarrierMedia(start) }
}
