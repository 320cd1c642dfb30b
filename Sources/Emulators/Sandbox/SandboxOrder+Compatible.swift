import Foundation
import Telephony

/// Twilio's form and Telnyx' object, checked more strictly than the real carriers do: what they would silently ignore is
/// refused here.
extension SandboxOrder {
    private static let formFields: Set = [
        "To", "From", "Url", "Method", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "Timeout",
        "MachineDetection", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
    ]

    init(form body: [UInt8]) throws(Fault) {
        let form: FormBody
        do { form = try FormBody(decoding: body) } catch { throw Fault(code: 20001, message: "\(error)") }
        if let stranger = form.fields.first(where: { !Self.formFields.contains($0.name) }) {
            throw Fault(code: 20001, message: "Unknown parameter \(stranger.name)")
        }
        self.init(
            to: try Self.callee(form["To"], "To", code: 21211),
            from: try Self.number(form["From"], "From", code: 21212),
            url: try Self.needed(form["Url"], "Url", code: 21205))
        statusURL = try Self.url(form["StatusCallback"], "StatusCallback", code: 21609)
        for name in ["Method", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod"] {
            guard form[name] ?? "POST" == "POST" else {
                throw Fault(code: 21403, message: "\(name): the sandbox knows POST only")
            }
        }
        events = try Self.events(form.fields.filter { $0.name == "StatusCallbackEvent" }.map(\.value))
        timeout = try Self.timeout(Int(form["Timeout"] ?? "60"), in: 1...600, "Timeout", code: 20001)
        guard ["Enable", "DetectMessageEnd", nil].contains(form["MachineDetection"]) else {
            throw Fault(code: 20001, message: "MachineDetection must be Enable or DetectMessageEnd")
        }
        guard form["MachineDetection"] == nil || form["AsyncAmd"] == "true" else {
            throw Fault(code: 20001, message: "the sandbox detects machines only with AsyncAmd=true")
        }
        machineURL = try Self.url(form["AsyncAmdStatusCallback"], "AsyncAmdStatusCallback", code: 20001)
    }

    private static func events(_ words: [String]) throws(Fault) -> Set<SandboxState> {
        var events: Set<SandboxState> = []
        for word in words {
            guard let state = SandboxState(rawValue: word) else {
                throw Fault(code: 21626, message: "StatusCallbackEvent \(word) is none")
            }
            events.insert(state)
        }
        return events.isEmpty ? [.completed] : events
    }

    init(telnyx body: [UInt8], application: String) throws(Fault) {
        let order: TelnyxOrder
        do { order = try JSONDecoder().decode(TelnyxOrder.self, from: Data(body)) } catch {
            let reason = (error as? DecodingError)?.summary ?? "\(error)"
            throw Fault(code: 10_015, message: "Bad Request: \(reason)", status: 422)
        }
        guard order.application == application else {
            throw Fault(code: 10_005, message: "there is no TeXML application \(order.application)", status: 404)
        }
        self.init(
            to: try Self.callee(order.to, "To", code: 10_016), from: try Self.number(order.from, "From", code: 10_011),
            url: try Self.needed(order.url, "Url", code: 10_015))
        statusURL = try Self.url(order.statusCallback, "StatusCallback", code: 10_015)
        for method in [order.urlMethod, order.statusCallbackMethod, order.machineCallbackMethod] {
            guard method ?? "POST" == "POST" else { throw Fault(code: 10_015, message: "the sandbox knows POST only") }
        }
        events = try Self.events((order.events ?? "").split(separator: " ").map(String.init))
        timeout = try Self.timeout(order.timeout ?? 30, in: 5...120, "Timeout", code: 10_015)
        guard ["Enable", "DetectMessageEnd", "Disable", nil].contains(order.machineDetection) else {
            throw Fault(code: 10_015, message: "MachineDetection must be Enable, DetectMessageEnd or Disable")
        }
        guard order.machineDetection == nil || order.isAsynchronous == true else {
            throw Fault(code: 10_015, message: "the sandbox detects machines only with AsyncAmd true")
        }
        machineURL = try Self.url(order.machineCallback, "AsyncAmdStatusCallback", code: 10_015)
    }
}

private struct TelnyxOrder: Decodable {
    var application: String
    var to: String
    var from: String
    var url: String
    var urlMethod: String?
    var statusCallback: String?
    var statusCallbackMethod: String?
    var events: String?
    var timeout: Int?
    var machineDetection: String?
    var isAsynchronous: Bool?
    var machineCallback: String?
    var machineCallbackMethod: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
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

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(Set(CodingKeys.allCases.map(\.rawValue)))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }
        application = try container.decode(String.self, forKey: .application)
        to = try container.decode(String.self, forKey: .to)
        from = try container.decode(String.self, forKey: .from)
        url = try container.decode(String.self, forKey: .url)
        (urlMethod, statusCallback, statusCallbackMethod) = (
            try text(.urlMethod), try text(.statusCallback), try text(.statusCallbackMethod)
        )
        (events, machineDetection) = (try text(.events), try text(.machineDetection))
        (machineCallback, machineCallbackMethod) = (try text(.machineCallback), try text(.machineCallbackMethod))
        timeout = try container.decodeIfPresent(Int.self, forKey: .timeout)
        isAsynchronous = try container.decodeIfPresent(Bool.self, forKey: .isAsynchronous)
    }
}
