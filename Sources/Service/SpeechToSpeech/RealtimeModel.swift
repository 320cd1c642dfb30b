import Agent
import Speech

/// The language model of one call whose vendor hears and speaks: the loop with its tools, policies and checks is the same as
/// for models that write.
struct RealtimeModel: LanguageModel {
    let call: RealtimeCall
    /// The vendor's base address.
    let provider: String

    var answersAside: Bool { false }

    func prepare(_ request: ModelRequest) { call.prepare(RealtimeQuestion(request)) }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let question = RealtimeQuestion(request)
        // Not bounded: the words of one answer, whose audio is.
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self, throwing: (any Error).self)
        let provider = provider
        let giveUp = call.answer(question) { piece in
            switch piece {
            case .success(let event):
                continuation.yield(ModelEvent(event))
                if case .finished = event { continuation.finish() }
            case .failure(let error): continuation.finish(throwing: ModelError(error, provider: provider))
            }
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { giveUp() }
        }
        return events
    }
}

extension RealtimeQuestion {
    fileprivate init(_ request: ModelRequest) {
        self.init(
            instructions: request.instructions, messages: request.messages.map(RealtimeMessage.init),
            tools: request.tools.map {
                RealtimeTool(name: $0.name, summary: $0.summary, parameters: $0.parameters.text)
            }, forbidsTools: request.forbidsTools)
    }
}

extension RealtimeMessage {
    fileprivate init(_ message: ModelMessage) {
        self =
            switch message {
            case .facts(let text): .facts(text)
            case .user(let text): .caller(text)
            case .assistant(let text, let calls):
                .agent(
                    text: text,
                    calls: calls.map { RealtimeToolCall(id: $0.id, name: $0.name, arguments: $0.rawArguments) })
            case .tool(let id, let content): .result(call: id, content: content)
            }
    }
}

extension ModelEvent {
    fileprivate init(_ event: RealtimeAnswerEvent) {
        self =
            switch event {
            case .text(let text): .text(text)
            // Where a line ends, a clause does.
            case .textEnded: .text("\n")
            // Nothing is said by it, but the answer goes on.
            case .progress: .text("")
            case .heard(let words, let confidence): .heard(words, confidence: confidence)
            case .call(let call):
                .toolCall(
                    ModelToolCall(
                        id: call.id, name: call.name, arguments: try? JSONValue(parsing: call.arguments),
                        rawArguments: call.arguments))
            case .finished(let finish): .finished(ModelFinish(finish))
            }
    }
}

extension ModelFinish {
    fileprivate init(_ finish: RealtimeFinish) {
        let reason: Reason =
            switch finish.reason {
            case .stop: .stop
            case .toolCalls: .toolCalls
            case .length: .length
            case .contentFilter: .contentFilter
            }
        let usage = ModelUsage(
            promptTokens: finish.inputTokens, cachedTokens: finish.cachedTokens, completionTokens: finish.outputTokens,
            promptSoundTokens: finish.soundIn, completionSoundTokens: finish.soundOut)
        self.init(reason: reason, usage: finish.inputTokens + finish.outputTokens > 0 ? usage : nil)
    }
}

extension ModelError {
    fileprivate init(_ error: SpeechError, provider: String) {
        let code: Code =
            switch error.code {
            case .overloaded: .rateLimited
            case .limited: .limited
            case .unavailable: .connectionLost
            case .unauthorized: .unauthorized
            case .refused, .invalidModel: .invalidRequest
            case .deadlineExceeded: .deadlineExceeded
            case .cancelled: .cancelled
            }
        self.init(code, provider: provider, detail: error.detail)
    }
}
