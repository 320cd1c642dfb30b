import Foundation
import Telephony

extension SandboxOrder {
    /// Vonage's object.
    init(vonage body: [UInt8]) throws(Fault) {
        let order: VonageOrder
        do { order = try JSONDecoder().decode(VonageOrder.self, from: Data(body)) } catch {
            throw Fault(message: (error as? DecodingError)?.summary ?? "\(error)")
        }
        guard order.to.count == 1, order.from.type == "phone" else {
            throw Fault(message: "the sandbox calls one telephone from a phone", field: "to")
        }
        self.init(
            to: try order.to[0].callee(), from: try Self.bareNumber(order.from.number, "from.number"),
            url: try Self.needed(order.answerURL.first, "answer_url"))
        for method in [order.answerMethod, order.eventMethod] {
            guard method == "POST" else { throw Fault(message: "the sandbox knows POST only") }
        }
        statusURL = try Self.url(order.eventURL?.first, "event_url")
        timeout = try Self.timeout(order.ringingTimer ?? 60, in: 1...120, "ringing_timer")
        if let detection = order.detection {
            guard detection.behavior == "continue", ["default", "detect", "detect_beep"].contains(detection.mode) else {
                throw Fault(message: "advanced_machine_detection is not as the sandbox knows it")
            }
            machineURL = statusURL
        }
    }
}

private struct VonageOrder: Decodable {
    struct Phone: Decodable {
        var type: String
        var number: String?
        var uri: String?

        /// The field that its type has, and no other one.
        func callee() throws(SandboxOrder.Fault) -> String {
            switch (type, number, uri) {
            case ("phone", let number?, nil): return try SandboxOrder.bareNumber(number, "to.number")
            case ("sip", nil, let uri?) where CarrierNumber.isSIP(uri):
                return try SandboxOrder.bareCallee(uri, "to.uri")
            default:
                throw SandboxOrder.Fault(message: "to is neither a phone with a number nor sip with a uri", field: "to")
            }
        }
    }

    struct Detection: Decodable {
        var behavior: String
        var mode: String
    }

    var to: [Phone]
    var from: Phone
    var answerURL: [String]
    var answerMethod: String?
    var eventURL: [String]?
    var eventMethod: String?
    var ringingTimer: Int?
    var detection: Detection?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case to, from
        case answerURL = "answer_url"
        case answerMethod = "answer_method"
        case eventURL = "event_url"
        case eventMethod = "event_method"
        case ringingTimer = "ringing_timer"
        case detection = "advanced_machine_detection"
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Set(CodingKeys.allCases.map(\.rawValue)))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        to = try container.decode([Phone].self, forKey: .to)
        from = try container.decode(Phone.self, forKey: .from)
        answerURL = try container.decode([String].self, forKey: .answerURL)
        answerMethod = try container.decodeIfPresent(String.self, forKey: .answerMethod)
        eventURL = try container.decodeIfPresent([String].self, forKey: .eventURL)
        eventMethod = try container.decodeIfPresent(String.self, forKey: .eventMethod)
        ringingTimer = try container.decodeIfPresent(Int.self, forKey: .ringingTimer)
        detection = try container.decodeIfPresent(Detection.self, forKey: .detection)
    }
}
