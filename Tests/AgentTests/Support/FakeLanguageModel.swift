import Agent
import Networking

/// A model that answers as the test wrote down, one script per request.
final class FakeLanguageModel: LanguageModel {
    enum Line: Sendable {
        case text(String)
        case call(id: String, name: String, arguments: String)
        /// What the caller said, where the model heard it first.
        case heard(String)
        case fail(ModelError.Code)
        /// Nothing more, for ever.
        case hang
    }

    private let state: Lock<(scripts: [[Line]], requests: [ModelRequest])>

    init(_ scripts: [[Line]]) {
        state = Lock((scripts, []))
    }

    var requests: [ModelRequest] { state.withLock { $0.requests } }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.scripts.isEmpty ? [] : state.scripts.removeFirst()
        }
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        var reason = ModelFinish.Reason.stop
        for line in script {
            switch line {
            case .text(let text): continuation.yield(.text(text))
            case .heard(let words): continuation.yield(.heard(words, confidence: 0.85))
            case .call(let id, let name, let arguments):
                reason = .toolCalls
                let call = ModelToolCall(
                    id: id, name: name, arguments: try? JSONValue(parsing: arguments), rawArguments: arguments)
                continuation.yield(.toolCall(call))
            case .fail(let code):
                continuation.finish(throwing: ModelError(code, provider: "fake", detail: "asked for by the test"))
            case .hang: return events
            }
        }
        continuation.yield(.finished(ModelFinish(reason: reason)))
        continuation.finish()
        return events
    }
}
