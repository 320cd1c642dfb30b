import Agent
import Foundation

/// One request to a language model, when it is over. It holds no word of what was asked or answered.
package struct ModelCall: Sendable, Equatable {
    /// The provider's name in the configuration.
    var provider: String
    /// Nil for the one that the provider is configured with.
    var model: String?
    var maxTokens: Int
    var temperature: Double?
    var start: Date
    /// The first piece of the answer; nil where there was none.
    var firstPiece: Date?
    var end: Date
    /// Nil where the answer was given up, or failed.
    var finish: ModelFinish.Reason?
    /// Nil where the provider told none.
    var usage: ModelUsage?
    /// Why there was no whole answer, in a word; nil where there was.
    var error: String?

    init(_ request: ModelRequest, of provider: String, at now: Date = Date()) {
        self.provider = provider
        model = request.model
        maxTokens = request.maxTokens
        temperature = request.temperature
        (start, end) = (now, now)
    }

    mutating func take(_ event: ModelEvent) {
        switch event {
        case .text, .toolCall, .heard: if firstPiece == nil { firstPiece = Date() }
        case .finished(let finish): (self.finish, usage) = (finish.reason, finish.usage)
        }
    }

    /// As it is when nothing more will come.
    func over(error: (any Error)?, at now: Date = Date()) -> Self {
        var call = self
        call.end = now
        switch error {
        // A stream whose reader is gone ends without an error.
        case nil: call.error = finish == nil ? "cancelled" : nil
        case is CancellationError: call.error = "cancelled"
        case let error as ModelError: call.error = error.code.rawValue
        case .some(let error): call.error = String(describing: type(of: error))
        }
        return call
    }
}

extension ModelFinish.Reason {
    /// As OpenTelemetry's conventions write it.
    var conventional: String {
        switch self {
        case .stop: "stop"
        case .toolCalls: "tool_calls"
        case .length: "length"
        case .contentFilter: "content_filter"
        }
    }
}
