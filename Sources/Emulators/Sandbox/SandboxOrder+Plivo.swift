import Foundation

extension SandboxOrder {
    /// Plivo's object.
    init(plivo body: [UInt8]) throws(Fault) {
        let order: PlivoOrder
        do { order = try JSONDecoder().decode(PlivoOrder.self, from: Data(body)) } catch {
            throw Fault(message: (error as? DecodingError)?.summary ?? "\(error)")
        }
        self.init(
            to: try Self.bareCallee(order.to, "to parameter"), from: try Self.bareNumber(order.from, "from parameter"),
            url: try Self.needed(order.answerURL, "answer_url"))
        for method in [order.answerMethod, order.ringMethod, order.hangupMethod, order.machineMethod] {
            guard method ?? "POST" == "POST" else { throw Fault(message: "the sandbox knows POST only") }
        }
        statusURL = try Self.url(order.ringURL, "ring_url")
        endURL = try Self.url(order.hangupURL, "hangup_url")
        timeout = try Self.timeout(order.ringTimeout ?? 120, in: 0...600, "ring_timeout")
        guard ["true", nil].contains(order.machineDetection) else {
            throw Fault(message: "the sandbox knows machine_detection true only")
        }
        guard (order.machineDetection == nil) == (order.machineURL == nil) else {
            throw Fault(message: "the sandbox detects machines only with a machine_detection_url")
        }
        machineURL = try Self.url(order.machineURL, "machine_detection_url")
    }
}

private struct PlivoOrder: Decodable {
    var from: String
    var to: String
    var answerURL: String
    var answerMethod: String?
    var ringURL: String?
    var ringMethod: String?
    var hangupURL: String?
    var hangupMethod: String?
    var ringTimeout: Int?
    var machineDetection: String?
    var machineURL: String?
    var machineMethod: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
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

    /// What Plivo's own client sends besides, whatever was asked for.
    private static let defaults: Set = [
        "fallback_method", "machine_detection_time", "error_if_parent_not_found",
    ]

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Self.defaults.union(CodingKeys.allCases.map(\.rawValue)))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }
        from = try container.decode(String.self, forKey: .from)
        to = try container.decode(String.self, forKey: .to)
        answerURL = try container.decode(String.self, forKey: .answerURL)
        (answerMethod, ringURL, ringMethod) = (try text(.answerMethod), try text(.ringURL), try text(.ringMethod))
        (hangupURL, hangupMethod) = (try text(.hangupURL), try text(.hangupMethod))
        (machineDetection, machineURL) = (try text(.machineDetection), try text(.machineURL))
        machineMethod = try text(.machineMethod)
        ringTimeout = try container.decodeIfPresent(Int.self, forKey: .ringTimeout)
    }
}
