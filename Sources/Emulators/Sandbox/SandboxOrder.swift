import Foundation
import Telephony

/// A request to place a call, whatever its carrier's words for it.
package struct SandboxOrder: Sendable, Equatable {
    /// E.164, or a SIP address.
    package var to: String
    package var from: String
    /// Where the carrier asks what to do when somebody answers.
    package var url: String
    /// Told of the states in ``events``.
    var statusURL: String?
    var events: Set<SandboxState> = []
    /// Told of the end where that has an address of its own.
    var endURL: String?
    var machineURL: String?
    /// In seconds.
    var timeout = 60

    /// Why an order is refused: the carrier's code and words.
    struct Fault: Error {
        var code = 0
        var message: String
        var status = 400
        /// The field that is wrong.
        var field = ""
    }

    static func number(_ text: String?, _ name: String, code: Int = 0) throws(Fault) -> String {
        let text = text ?? ""
        guard text.hasPrefix("+"), (8...15).contains(text.dropFirst().count),
            text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else { throw Fault(code: code, message: "\(name) is not a valid phone number", field: name) }
        return text
    }

    /// Whom to call: a number, or the SIP address of a telephone of the network's.
    static func callee(_ text: String?, _ name: String, code: Int = 0) throws(Fault) -> String {
        if let address = try sipAddress(text, name, code: code) { return address }
        return try number(text, name, code: code)
    }

    /// ``callee(_:_:code:)``, where numbers have no plus; with it.
    static func bareCallee(_ text: String?, _ name: String) throws(Fault) -> String {
        if let address = try sipAddress(text, name) { return address }
        return try bareNumber(text, name)
    }

    /// Nil for what does not begin like one.
    private static func sipAddress(_ text: String?, _ name: String, code: Int = 0) throws(Fault) -> String? {
        guard let text, CarrierNumber.isSIP(text) else { return nil }
        let parts = text.drop { $0 != ":" }.dropFirst().split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(" ") else {
            throw Fault(code: code, message: "\(name) is no SIP address", field: name)
        }
        return text
    }

    /// A number without a plus, with it.
    static func bareNumber(_ text: String?, _ name: String) throws(Fault) -> String {
        guard text?.hasPrefix("+") == false else {
            throw Fault(message: "\(name) has a plus", field: name)
        }
        return try number(text.map { "+" + $0 }, name)
    }

    static func url(_ text: String?, _ name: String, code: Int = 0) throws(Fault) -> String? {
        guard let text else { return nil }
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme ?? ""), parts.host != nil
        else { throw Fault(code: code, message: "\(name) is not a valid URL", field: name) }
        return text
    }

    static func needed(_ url: String?, _ name: String, code: Int = 0) throws(Fault) -> String {
        guard let url = try self.url(url, name, code: code) else {
            throw Fault(code: code, message: "\(name) is missing", field: name)
        }
        return url
    }

    static func timeout(_ seconds: Int?, in range: ClosedRange<Int>, _ name: String, code: Int = 0) throws(Fault) -> Int
    {
        guard let seconds, range.contains(seconds) else {
            throw Fault(
                code: code, message: "\(name) must be \(range.lowerBound) to \(range.upperBound)", field: name)
        }
        return seconds
    }
}

/// What a call is at on its way.
enum SandboxState: String, Sendable {
    case initiated, ringing, answered, completed
}
