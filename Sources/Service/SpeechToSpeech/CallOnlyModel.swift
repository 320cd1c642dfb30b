import Agent

/// Stands for a model that hears and speaks where there is no call to do it on: in written conversations, and on calls that
/// began with an agent of another kind.
struct CallOnlyModel: LanguageModel {
    let provider: String

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        AsyncThrowingStream {
            $0.finish(
                throwing: ModelError(
                    .invalidRequest, provider: provider,
                    detail: "this model hears and speaks: it answers on calls that begin with an agent of its own only")
            )
        }
    }
}
