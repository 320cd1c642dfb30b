/// Asks a language model a card's questions about one call.
package struct ScorecardJudge: Sendable {
    /// Why there are no verdicts.
    package typealias Failure = ModelForm.Failure

    private let form: ModelForm

    package init(model: any LanguageModel, timeout: Duration) {
        form = ModelForm(model: model, timeout: timeout, asked: "the judge")
    }

    /// - Throws: ``Failure`` for what went wrong, `CancellationError` when it was given up.
    package func findings(
        _ question: JudgeQuestion, for waiting: [ScorecardVerdict.Finding], on call: ScoredCall
    ) async throws -> [ScorecardVerdict.Finding] {
        let answer = try await form.answer(to: question.request)
        do { return try JudgeAnswer.findings(in: answer, for: waiting, on: call) } catch {
            // The next answer may be in form.
            throw Failure(reason: error.description, isRetryable: true, isOfForm: true)
        }
    }
}
