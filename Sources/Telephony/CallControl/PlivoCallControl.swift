package import Foundation

/// Plivo's REST interface for calls (api.plivo.com/v1): JSON, numbers without a plus.
///
/// A request to place a call is answered with the id of the request; the id of the call comes with the news of it.
package struct PlivoCallControl: CallControlDialect {
    package static let vendorURL = "https://api.plivo.com"

    package let name = "plivo"
    private let base: String
    private let credentials: String

    package init(url: String = vendorURL, authID: String, authToken: String) {
        base = "\(url)/v1/Account/\(authID)"
        credentials = "Basic " + Data("\(authID):\(authToken)".utf8).base64EncodedString()
    }

    package func authorization(now: Date) -> String { credentials }

    // MARK: Requests

    package func place(_ request: OutboundCallRequest) -> CarrierRequest {
        var order = Order(
            from: CarrierNumber.bare(request.from), to: CarrierNumber.bare(request.to), answerURL: request.answerURL,
            ringURL: request.statusURL, hangupURL: request.statusURL,
            ringTimeout: Int(request.ringTimeout.components.seconds))
        if let machineURL = request.machineURL {
            // With an address of its own the verdict does not hold up the call.
            order.machineDetection = "true"
            order.machineURL = machineURL
            order.machineMethod = "POST"
        }
        return CarrierRequest(method: "POST", url: "\(base)/Call/", body: .json(CarrierJSON.bytes(order)))
    }

    package func end(_ id: String, isAnswered: Bool) -> CarrierRequest {
        CarrierRequest(method: "DELETE", url: path(of: id))
    }

    /// Among the calls that wait, those that are held, then in the records of those that were: as a call goes, so that none
    /// slips past between two looks.
    package func lookUp(_ id: String) -> [CarrierRequest] {
        ["queued", "live"].map { .get(path(of: id), [.init("status", $0)]) } + [.get(path(of: id))]
    }

    package func list(_ wanted: CallSearch) -> [CarrierRequest] {
        [
            .get("\(base)/Call/", [.init("status", "queued")]),
            .get("\(base)/Call/", [.init("status", "live")]),
            .get(
                "\(base)/Call/",
                [
                    .init("to_number", CarrierNumber.bare(wanted.to)),
                    .init("from_number", CarrierNumber.bare(wanted.from)), .init("limit", "20"),
                ]),
        ]
    }

    private func path(of id: String) -> String { "\(base)/Call/\(CarrierPath.escaped(id))/" }

    // MARK: Answers

    package func placement(in body: [UInt8], of request: OutboundCallRequest) -> Placement {
        CarrierJSON.value(Accepted.self, in: body) == nil ? .unreadable : .unnamed
    }

    package func call(in body: [UInt8]) -> CarrierCall? { CarrierJSON.value(Record.self, in: body)?.call }

    package func page(in body: [UInt8], for wanted: CallSearch) -> CallPage? {
        if let live = CarrierJSON.value(Names.self, in: body) { return CallPage(unseen: live.calls) }
        return CarrierJSON.value(Records.self, in: body).map { CallPage(calls: $0.objects.compactMap(\.call)) }
    }

    package func fault(in body: [UInt8]) -> CarrierFault {
        let words = CarrierJSON.value(Refusal.self, in: body)?.error
        let isNumber = words?.contains("to parameter") == true || words?.contains("'to'") == true
        return CarrierFault(words: words, kind: isNumber ? .wrongNumber : .other)
    }

    private struct Order: Encodable {
        var from: String
        var to: String
        var answerURL: String
        var answerMethod = "POST"
        var ringURL: String
        var ringMethod = "POST"
        var hangupURL: String
        var hangupMethod = "POST"
        var ringTimeout: Int
        var machineDetection: String?
        var machineURL: String?
        var machineMethod: String?

        enum CodingKeys: String, CodingKey {
            case from, to
            case answerURL = "answer_url"
            case answerMethod = "answer_method"
            case ringURL = "ring_url"
            case ringMethod = "ring_method"
            case hangupURL = "hangup_url"
            case hangupMethod = "hangup_method"
            case ringTimeout = "ring_timeout"
            case machineDetection = "machine_detection"
            case machineURL = "machine_detection_url"
            case machineMethod = "machine_detection_method"
        }
    }

    private struct Accepted: Decodable {
        var request: String

        enum CodingKeys: String, CodingKey { case request = "request_uuid" }
    }

    private struct Refusal: Decodable { var error: String? }
    private struct Names: Decodable { var calls: [String] }
    private struct Records: Decodable { var objects: [Record] }

    /// A call that is held, or the record of one that was: different fields.
    private struct Record: Decodable {
        var id: String
        var to: String?
        var toNumber: String?
        var from: String?
        var fromNumber: String?
        var status: String?
        var began: String?
        var initiated: String?
        var answered: String?
        var ended: String?
        var duration: Int?
        var cause: Int?

        enum CodingKeys: String, CodingKey {
            case to, from
            case id = "call_uuid"
            case toNumber = "to_number"
            case fromNumber = "from_number"
            case status = "call_status"
            case began = "session_start"
            case initiated = "initiation_time"
            case answered = "answer_time"
            case ended = "end_time"
            case duration = "call_duration"
            case cause = "hangup_cause_code"
        }

        var call: CarrierCall? {
            let known: CarrierCall.Status?
            if let status {
                known = PlivoCallControl.status(status)
            } else if ended != nil {
                known = answered != nil ? .completed : PlivoCallControl.status(ofCause: cause)
            } else {
                known = nil
            }
            guard let known else { return nil }
            return CarrierCall(
                id: id, to: CarrierNumber.e164(to ?? toNumber ?? ""),
                from: CarrierNumber.e164(from ?? fromNumber ?? ""), status: known,
                created: (began ?? initiated).flatMap(CarrierTime.date), duration: duration.map { .seconds($0) },
                sipCode: known == .failed ? cause.flatMap(PlivoCallControl.sipCode) : nil)
        }
    }

    // MARK: States

    /// A state as Plivo names it, in answers and in webhooks.
    package static func status(_ text: String) -> CarrierCall.Status? {
        switch text {
        case "early-media", "ringing": .ringing
        case "timeout": .noAnswer
        case "cancel", "cancelled": .canceled
        default: CarrierCall.Status(rawValue: text)
        }
    }

    private static func status(ofCause cause: Int?) -> CarrierCall.Status {
        switch cause {
        case 1000: .canceled
        case 3000: .noAnswer
        case 3010: .busy
        default: .failed
        }
    }

    /// The SIP code that a cause of a hang-up stands for, of those that say something of the number or of its owner.
    package static func sipCode(ofCause cause: Int) -> Int? {
        switch cause {
        case 2000, 2010: 404
        case 3000: 480
        case 3010: 486
        case 3020: 603
        default: nil
        }
    }
}
