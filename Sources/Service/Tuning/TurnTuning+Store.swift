import CallSession
package import Store

extension TurnTuning {
    /// Tunes by the calls of a store, beginning with the configuration's own rules.
    ///
    /// - Parameters:
    ///   - agent: whose calls; nil takes all.
    ///   - limit: the most calls, the newest.
    ///   - leftOut: told of calls whose journal cannot be run, and why.
    package init(
        _ store: Store, configuration: ParleyConfiguration, agent: String?, limit: Int,
        leftOut: (_ call: String, _ reason: String) -> Void
    ) async throws {
        var calls: [(id: String, pauses: [PauseCase])] = []
        var cursor: CallCursor?
        repeat {
            let page = try await store.calls(limit: 100, after: cursor)
            for call in page.calls where calls.count < limit && (agent == nil || call.agent == agent) {
                do {
                    calls.append((call.id, PauseCase.all(in: try await CallReplay(call: call.id, store: store))))
                } catch let fault as CallReplay.Fault { leftOut(call.id, fault.reason) }
            }
            cursor = page.next
        } while cursor != nil && calls.count < limit
        // Ids are drawn by chance; in their order calls of one day do not stand together.
        self.init(
            calls.sorted { $0.id < $1.id }.map(\.pauses), present: configuration.conversation.turns)
    }
}
