import Foundation
import Telephony

/// The fields of a request to place a call, checked more strictly than the real carrier does: what it would silently
/// ignore is refused here.
struct SandboxCallForm: Sendable, Equatable {
    let to: String
    let from: String
    let url: String
    let statusCallback: String?
    let events: Set<String>
    let timeout: Int
    let machineCallback: String?

    private static let known: Set = [
        "To", "From", "Url", "Method", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "Timeout",
        "MachineDetection", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
    ]

    /// Why a form is refused: the carrier's code and words.
    struct Fault: Error {
        let code: Int
        let message: String
    }

    init(_ form: FormBody) throws(Fault) {
        if let stranger = form.fields.first(where: { !Self.known.contains($0.name) }) {
            throw Fault(code: 20001, message: "Unknown parameter \(stranger.name)")
        }
        to = try Self.number(form, "To", code: 21211)
        from = try Self.number(form, "From", code: 21212)
        url = try Self.url(form, "Url", code: 21205) ?? ""
        guard !url.isEmpty else { throw Fault(code: 21205, message: "Url is missing") }
        statusCallback = try Self.url(form, "StatusCallback", code: 21609)
        for name in ["Method", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod"] {
            guard form[name] ?? "POST" == "POST" else {
                throw Fault(code: 21403, message: "\(name): the sandbox knows POST only")
            }
        }
        let events = form.fields.filter { $0.name == "StatusCallbackEvent" }.map(\.value)
        let unknown = Set(events).subtracting(["initiated", "ringing", "answered", "completed"])
        guard unknown.isEmpty else {
            throw Fault(code: 21626, message: "StatusCallbackEvent \(unknown.sorted()[0]) is none")
        }
        self.events = events.isEmpty ? ["completed"] : Set(events)
        guard let timeout = Int(form["Timeout"] ?? "60"), (1...600).contains(timeout) else {
            throw Fault(code: 20001, message: "Timeout must be 1 to 600")
        }
        self.timeout = timeout
        guard ["Enable", "DetectMessageEnd", nil].contains(form["MachineDetection"]) else {
            throw Fault(code: 20001, message: "MachineDetection must be Enable or DetectMessageEnd")
        }
        guard form["MachineDetection"] == nil || form["AsyncAmd"] == "true" else {
            throw Fault(code: 20001, message: "the sandbox detects machines only with AsyncAmd=true")
        }
        machineCallback = try Self.url(form, "AsyncAmdStatusCallback", code: 20001)
    }

    private static func number(_ form: FormBody, _ name: String, code: Int) throws(Fault) -> String {
        let text = form[name] ?? ""
        guard text.hasPrefix("+"), (8...15).contains(text.dropFirst().count),
            text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else { throw Fault(code: code, message: "\(name) is not a valid phone number") }
        return text
    }

    private static func url(_ form: FormBody, _ name: String, code: Int) throws(Fault) -> String? {
        guard let text = form[name] else { return nil }
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme ?? ""), parts.host != nil
        else { throw Fault(code: code, message: "\(name) is not a valid URL") }
        return text
    }
}
