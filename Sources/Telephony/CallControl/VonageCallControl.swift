package import Foundation

/// Vonage's Voice API for calls (api.nexmo.com/v1/calls): JSON, numbers without a plus, each request with a token of its own.
package struct VonageCallControl: CallControlDialect {
    package static let vendorURL = "https://api.nexmo.com"
    /// The longest that Vonage lets ring, in seconds.
    private static let longestRing = 120

    package let name = "vonage"
    private let base: String
    private let token: VonageToken

    package init(url: String = vendorURL, token: VonageToken) {
        base = "\(url)/v1/calls"
        self.token = token
    }

    package func authorization(now: Date) throws -> String {
        "Bearer " + (try token.text(id: UUID().uuidString.lowercased(), now: now))
    }

    // MARK: Requests

    package func place(_ request: OutboundCallRequest) -> CarrierRequest {
        let order = Order(
            to: [Endpoint(request.to)], from: Endpoint(request.from), answerURL: [request.answerURL],
            eventURL: [request.statusURL],
            ringingTimer: min(Int(request.ringTimeout.components.seconds), Self.longestRing),
            detection: request.machineURL == nil ? nil : Detection())
        return CarrierRequest(method: "POST", url: base, body: .json(CarrierJSON.bytes(order)))
    }

    package func end(_ id: String, isAnswered: Bool) -> CarrierRequest {
        CarrierRequest(
            method: "PUT", url: path(of: id), body: .json(CarrierJSON.bytes(["action": "hangup"])))
    }

    package func lookUp(_ id: String) -> [CarrierRequest] { [.get(path(of: id))] }

    /// A hundred of those few minutes; Vonage does not look for numbers.
    package func list(_ wanted: CallSearch) -> [CarrierRequest] {
        [
            .get(
                base,
                [
                    // A minute for clocks that differ.
                    .init("date_start", (wanted.since - 60).formatted(.iso8601)),
                    .init("date_end", (wanted.since + 180).formatted(.iso8601)), .init("order", "desc"),
                    .init("page_size", "100"),
                ])
        ]
    }

    private func path(of id: String) -> String { "\(base)/\(CarrierPath.escaped(id))" }

    // MARK: Answers

    package func placement(in body: [UInt8], of request: OutboundCallRequest) -> Placement {
        guard let made = CarrierJSON.value(Made.self, in: body), let status = Self.status(made.status) else {
            return .unreadable
        }
        return .call(CarrierCall(id: made.uuid, to: request.to, from: request.from, status: status))
    }

    package func call(in body: [UInt8]) -> CarrierCall? { CarrierJSON.value(Record.self, in: body)?.call() }

    package func page(in body: [UInt8], for wanted: CallSearch) -> CallPage? {
        CarrierJSON.value(Records.self, in: body).map { records in
            // One that has not begun yet has no time; the list holds what was made since the one that was asked for.
            CallPage(
                calls: records.embedded.calls.compactMap { $0.call(created: wanted.since) },
                isComplete: records.count ?? 0 <= records.embedded.calls.count)
        }
    }

    package func fault(in body: [UInt8]) -> CarrierFault {
        let refusal = CarrierJSON.value(Refusal.self, in: body)
        let words = [refusal?.title ?? refusal?.errorTitle, refusal?.detail].compactMap { $0 }.joined(separator: ": ")
        let isNumber = refusal?.invalid?.contains { $0.name?.hasPrefix("to") == true } == true
        // The call to be ended has ended; Vonage has no status for that.
        let isOver = words.lowercased().contains("completed state")
        return CarrierFault(
            words: words.isEmpty ? nil : words, kind: isOver ? .overAlready : isNumber ? .wrongNumber : .other)
    }

    /// A state as Vonage names it, in answers and in webhooks; nil for what is none, as a verdict on who answered.
    package static func status(_ text: String) -> CarrierCall.Status? {
        switch text {
        case "started": .initiated
        case "ringing": .ringing
        case "answered", "machine", "human": .inProgress
        case "completed": .completed
        case "busy": .busy
        case "cancelled": .canceled
        case "timeout", "unanswered": .noAnswer
        case "failed", "rejected": .failed
        default: nil
        }
    }

    /// A telephone by its number, or one of the network's by its address.
    private struct Endpoint: Codable {
        var type: String?
        var number: String?
        var uri: String?

        init(_ address: String) {
            if CarrierNumber.isSIP(address) {
                (type, uri) = ("sip", address)
            } else {
                (type, number) = ("phone", CarrierNumber.bare(address))
            }
        }

        var address: String { uri ?? CarrierNumber.e164(number ?? "") }
    }

    private struct Detection: Encodable {
        var behavior = "continue"
        var mode = "detect"
    }

    private struct Order: Encodable {
        var to: [Endpoint]
        var from: Endpoint
        var answerURL: [String]
        var answerMethod = "POST"
        var eventURL: [String]
        var eventMethod = "POST"
        var ringingTimer: Int
        var detection: Detection?

        enum CodingKeys: String, CodingKey {
            case to, from
            case answerURL = "answer_url"
            case answerMethod = "answer_method"
            case eventURL = "event_url"
            case eventMethod = "event_method"
            case ringingTimer = "ringing_timer"
            case detection = "advanced_machine_detection"
        }
    }

    private struct Made: Decodable {
        var uuid: String
        var status: String
    }

    private struct Records: Decodable {
        struct Embedded: Decodable { var calls: [Record] }
        /// Of all that match, also those on other pages.
        var count: Int?
        var embedded: Embedded

        enum CodingKeys: String, CodingKey {
            case count
            case embedded = "_embedded"
        }
    }

    private struct Record: Decodable {
        var uuid: String
        var to: Endpoint
        var from: Endpoint
        var status: String
        var started: String?
        var duration: String?

        enum CodingKeys: String, CodingKey {
            case uuid, to, from, status, duration
            case started = "start_time"
        }

        func call(created: Date? = nil) -> CarrierCall? {
            // Two that end the same way, and of which only one may be tried again.
            let sipCode = status == "rejected" ? 603 : nil
            guard let status = VonageCallControl.status(status) else { return nil }
            return CarrierCall(
                id: uuid, to: to.address, from: from.address, status: status,
                created: started.flatMap(CarrierTime.date) ?? created,
                duration: duration.flatMap { Int($0) }.map { .seconds($0) }, sipCode: sipCode)
        }
    }

    private struct Refusal: Decodable {
        struct Parameter: Decodable { var name: String? }
        var title: String?
        var errorTitle: String?
        var detail: String?
        var invalid: [Parameter]?

        enum CodingKeys: String, CodingKey {
            case title, detail
            case errorTitle = "error_title"
            case invalid = "invalid_parameters"
        }
    }
}
