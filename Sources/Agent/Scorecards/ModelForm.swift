/// Has a language model fill in a form: the arguments of the one tool that a request has.
package struct ModelForm: Sendable {
    /// Why there is no answer.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let reason: String
        /// Whether asking again may help.
        package let isRetryable: Bool
        /// There was an answer, and it had not the form: telling the model so may help at once.
        package let isOfForm: Bool
        /// Whether the model was still at work, so that nobody told what the request used.
        package let isCut: Bool
        package var description: String { reason }

        init(reason: String, isRetryable: Bool, isOfForm: Bool = false, isCut: Bool = false) {
            self.reason = reason
            self.isCut = isCut
            self.isRetryable = isRetryable
            self.isOfForm = isOfForm
        }
    }

    private let model: any LanguageModel
    private let timeout: Duration
    private let asked: String

    /// - Parameters:
    ///   - timeout: for the whole answer.
    ///   - asked: who is asked, for reasons: "the judge".
    package init(model: any LanguageModel, timeout: Duration, asked: String) {
        self.model = model
        self.timeout = timeout
        self.asked = asked
    }

    /// - Throws: ``Failure`` for what went wrong, `CancellationError` when it was given up.
    package func answer(to request: ModelRequest) async throws -> JSONValue {
        do { return try await answerInTime(to: request) } catch let error as ModelError {
            if error.code == .cancelled { throw CancellationError() }
            // Its client's deadline is the same as ours, and either may be first.
            if error.code == .deadlineExceeded, error.status == nil { throw late }
            throw Failure(reason: "\(asked) did not answer: \(error)", isRetryable: error.isRetryable)
        }
    }

    private var late: Failure {
        Failure(reason: "\(asked) did not answer within \(timeout)", isRetryable: true, isCut: true)
    }

    private func answerInTime(to request: ModelRequest) async throws -> JSONValue {
        let form = self
        return try await withThrowingTaskGroup(of: JSONValue.self) { group in
            group.addTask { try await form.wholeAnswer(to: request) }
            group.addTask {
                try await Task.sleep(for: form.timeout)
                throw form.late
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    /// What the model calls the tool with; models that write JSON instead are taken at their word.
    private func wholeAnswer(to request: ModelRequest) async throws -> JSONValue {
        let tool = request.tools.first?.name
        var text = ""
        var arguments: JSONValue?
        for try await event in model.answer(request) {
            switch event {
            case .text(let piece): text += piece
            case .toolCall(let call) where call.name == tool && arguments == nil:
                guard let value = call.arguments else { throw noJSON }
                arguments = value
            case .finished(let finish) where finish.reason == .length:
                throw Failure(
                    reason: "\(asked)'s answer is longer than `max_tokens` (\(request.maxTokens))", isRetryable: false)
            default: break
            }
        }
        if let arguments { return arguments }
        // A stream that nobody waits for any more just ends, which is no answer of the model's.
        try Task.checkCancellation()
        guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}"), open < close,
            let value = try? JSONValue(parsing: String(text[open...close]))
        else { throw noJSON }
        return value
    }

    private var noJSON: Failure {
        Failure(reason: "\(asked)'s answer is no JSON", isRetryable: true, isOfForm: true)
    }
}
