import Agent
import Synchronization

/// A language model that answers at once: a few calls of a tool, one after the other, then a sentence in pieces.
///
/// Notes when it is asked. From one question to the next within a turn all the time is the loop's own.
final class InstantModel: LanguageModel {
    /// Calls of tools in a turn before the answer.
    private let calls: Int
    private let asked = Mutex<[ContinuousClock.Instant]>([])
    private let sentences = "Orders over fifty dollars can be sent back within thirty days, and the label is free."

    init(calls: Int) { self.calls = calls }

    /// When it was asked since the last look.
    func takeTimes() -> [ContinuousClock.Instant] {
        asked.withLock { times in
            defer { times = [] }
            return times
        }
    }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        asked.withLock { $0.append(.now) }
        let results = request.messages.reversed().prefix { message in
            if case .user = message { false } else { true }
        }.count { if case .tool = $0 { true } else { false } }
        let (calls, sentences) = (calls, sentences)
        return AsyncThrowingStream { events in
            if results < calls {
                let arguments: JSONValue = ["question": .string("returns, part \(results)")]
                events.yield(
                    .toolCall(
                        ModelToolCall(
                            id: "c\(request.messages.count)", name: "knowledge_search", arguments: arguments,
                            rawArguments: arguments.text)))
                events.yield(.finished(ModelFinish(reason: .toolCalls)))
            } else {
                for word in sentences.split(separator: " ") { events.yield(.text(word + " ")) }
                events.yield(.finished(ModelFinish(reason: .stop)))
            }
            events.finish()
        }
    }
}

/// A language model whose answers wait until all conversations wait for theirs.
final class WaitingModel: LanguageModel {
    private struct State {
        var waiting: [AsyncThrowingStream<ModelEvent, any Error>.Continuation] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.waiting.count } }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        state.withLock { $0.waiting.append(continuation) }
        return events
    }

    func release() {
        let all = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in all {
            continuation.yield(.text("Goodbye."))
            continuation.yield(.finished(ModelFinish(reason: .stop)))
            continuation.finish()
        }
    }
}

/// First instant, then waiting: which one is asked is decided from outside.
final class SwitchedModel: LanguageModel {
    let instant: InstantModel
    let waiting = WaitingModel()
    private let waits = Atomic<Bool>(false)

    init(calls: Int) { instant = InstantModel(calls: calls) }

    func beginWaiting() { waits.store(true, ordering: .releasing) }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        waits.load(ordering: .acquiring) ? waiting.answer(request) : instant.answer(request)
    }
}
