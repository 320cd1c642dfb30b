package import Foundation

/// How one carrier wants to be asked for calls and what its answers mean. A value: bytes out, bytes in.
package protocol CallControlDialect: Sendable {
    /// As in `carriers.NAME`.
    var name: String { get }

    /// The value of the header `Authorization`.
    ///
    /// - Throws: whatever keeps it from being signed.
    func authorization(now: Date) throws -> String

    func place(_ request: OutboundCallRequest) -> CarrierRequest
    /// What became of ``place(_:)``, after a status of success.
    func placement(in body: [UInt8], of request: OutboundCallRequest) -> Placement

    /// - Parameter isAnswered: whether somebody is on the line.
    func end(_ id: String, isAnswered: Bool) -> CarrierRequest

    /// Asked one after the other until one knows the call.
    func lookUp(_ id: String) -> [CarrierRequest]
    /// Nil when the body is no call, or one in a state that is not known.
    func call(in body: [UInt8]) -> CarrierCall?

    /// Asked one after the other; what they find is put together.
    func list(_ wanted: CallSearch) -> [CarrierRequest]
    func page(in body: [UInt8], for wanted: CallSearch) -> CallPage?

    /// What a refusal says.
    func fault(in body: [UInt8]) -> CarrierFault
}

/// A request to a carrier, but for its authorization.
package struct CarrierRequest: Sendable, Equatable {
    package enum Body: Sendable, Equatable {
        case none
        case form(FormBody)
        case json([UInt8])

        var type: String? {
            switch self {
            case .none: nil
            case .form: "application/x-www-form-urlencoded"
            case .json: "application/json"
            }
        }

        var bytes: [UInt8] {
            switch self {
            case .none: []
            case .form(let form): form.encoded()
            case .json(let bytes): bytes
            }
        }
    }

    package var method: String
    package var url: String
    package var body: Body = .none

    static func get(_ url: String, _ query: [FormBody.Field] = []) -> CarrierRequest {
        let text = String(decoding: FormBody(query).encoded(), as: UTF8.self)
        return CarrierRequest(method: "GET", url: url + (text.isEmpty ? "" : "?" + text))
    }
}

/// What became of a request to place a call that was accepted.
package enum Placement: Sendable, Equatable {
    case call(CarrierCall)
    /// It will be placed; its id comes with the news of it.
    case unnamed
    case unreadable
}

/// Which calls are looked for.
package struct CallSearch: Sendable, Equatable {
    /// E.164, both.
    package var to: String
    package var from: String
    package var since: Date
}

/// A piece of a list of calls.
package struct CallPage: Sendable, Equatable {
    package var calls: [CarrierCall] = []
    /// Calls of which the list gives the ids alone.
    package var unseen: [String] = []
    /// False where there is more than was looked at: a call that is not among these may be one of the carrier's all the same.
    package var isComplete = true
}

/// What a carrier says when it refuses.
package struct CarrierFault: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case other
        /// There is no such number, or it cannot be called.
        case wrongNumber
        /// The call that should be ended or changed is over.
        case overAlready
    }

    package var code: Int?
    /// Its own words.
    package var words: String?
    package var kind = Kind.other
}
