/// Asks a language model a card's questions about one call.
package struct ScorecardJudge: Sendable {
    /// Why there are no verdicts.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let reason: String
        /// Whether asking again may help.
        package let isRetryable: Bool
        /// Whether the judge was still at work, so that nobody told what the request used.
        package var isCut = false
        package var description: String { reason }
    }

    private let model: any LanguageModel
    private let timeout: Duration

    package init(model: any LanguageModel, timeout: Duration) {
        self.model = model
        self.timeout = timeout
    }

    /// - Throws: ``Failure`` for what went wrong, `CancellationError` when it was given up.
    package func findings(
        _ question: JudgeQuestion, for waiting: [ScorecardVerdict.Finding], on call: ScoredCall
    ) async throws -> [ScorecardVerdict.Finding] {
        let answer: JSONValue
        do { answer = try await ask(question.request) } catch let error as ModelError {
            if error.code == .cancelled { throw CancellationError() }
            throw Failure(reason: "the judge did not answer: \(error)", isRetryable: error.isRetryable)
        }
        do { return try JudgeAnswer.findings(in: answer, for: waiting, on: call) } catch {
            // The next answer may be in form.
            throw Failure(reason: error.description, isRetryable: true)
        }
    }

    private func ask(_ request: ModelRequest) async throws -> JSONValue {
        let (model, timeout) = (model, timeout)
        return try await withThrowingTaskGroup(of: JSONValue.self) { group in
            group.addTask { try await Self.answer(of: model, to: request) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw Failure(
                    reason: "the judge did not answer within \(timeout)", isRetryable: true, isCut: true)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    /// What the model calls the tool with; models that write JSON instead are taken at their word.
    private static func answer(of model: any LanguageModel, to request: ModelRequest) async throws -> JSONValue {
        var text = ""
        var arguments: JSONValue?
        for try await event in model.answer(request) {
            switch event {
            case .text(let piece): text += piece
            case .toolCall(let call) where call.name == JudgeQuestion.tool && arguments == nil:
                guard let value = call.arguments else {
                    throw Failure(reason: "the judge's answer is no JSON", isRetryable: true)
                }
                arguments = value
            case .finished(let finish) where finish.reason == .length:
                throw Failure(
                    reason: "the judge's answer is longer than `max_tokens` (\(request.maxTokens))", isRetryable: false)
            default: break
            }
        }
        if let arguments { return arguments }
        // A stream that nobody waits for any more just ends, which is no answer of the judge's.
        try Task.checkCancellation()
        guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}"), open < close,
            let value = try? JSONValue(parsing: String(text[open...close]))
        else { throw Failure(reason: "the judge's answer is no JSON", isRetryable: true) }
        return value
    }
}
