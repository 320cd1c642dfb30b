import Agent

extension UsageMeter {
    /// All that was used so far, whatever it is.
    var total: Int { usage.reduce(0) { $0 + $1.quantity } }

    /// Counts the question of a request that was cut off: nobody tells what such a one used, but this at least was paid for.
    ///
    /// - Parameters:
    ///   - tokens: of the question.
    ///   - before: ``total`` when it was sent. Where it has grown, somebody told.
    func addCut(question tokens: Int, of provider: String, since before: Int) {
        guard total == before else { return }
        add(ModelUsage(promptTokens: tokens, completionTokens: 0), of: provider)
    }
}
