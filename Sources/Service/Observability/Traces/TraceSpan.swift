import Foundation

/// A piece of work with a beginning and an end, as OpenTelemetry has it. A value.
struct TraceSpan: Sendable, Equatable {
    /// OTLP's numbers.
    enum Kind: Int, Sendable {
        case `internal` = 1
        case server
        case client
    }

    enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int)
        case number(Double)
        case boolean(Bool)
        case texts([String])
    }

    struct Event: Sendable, Equatable {
        let name: String
        let at: Date
        let attributes: [String: Value]
    }

    let name: String
    var kind = Kind.internal
    let traceID: String
    let id: String
    /// Nil for the root.
    var parent: String?
    let start: Date
    let end: Date
    var attributes: [String: Value] = [:]
    var events: [Event] = []
    /// Events that found no room.
    var droppedEvents = 0
    /// Whether the work failed; `error.type` says how.
    var hasFailed = false
}
