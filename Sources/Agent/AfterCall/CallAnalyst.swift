/// Asks a language model what is to be written down of one call.
package struct CallAnalyst: Sendable {
    private let form: ModelForm

    package init(model: any LanguageModel, timeout: Duration) {
        form = ModelForm(model: model, timeout: timeout, asked: "the model")
    }

    /// - Parameter rules: what the call's record says by itself.
    /// - Throws: ``ModelForm/Failure`` for what went wrong, `CancellationError` when it was given up.
    package func record(
        _ question: AfterCallQuestion, for plan: AfterCallPlan, on call: ScoredCall, else rules: AfterCallRecord
    ) async throws -> AfterCallRecord {
        let answer = try await form.answer(to: question.request)
        do { return try AfterCallAnswer.record(in: answer, for: plan, on: call, else: rules) } catch {
            throw ModelForm.Failure(
                reason: "the model's answer cannot be read: \(error.reason)", isRetryable: true, isOfForm: true)
        }
    }
}
