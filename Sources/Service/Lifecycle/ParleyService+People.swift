/// Calls to people whose node is no more.
extension ParleyService {
    /// Ends what other nodes have left ringing, while `body` takes calls.
    func withUnwantedPeople(_ carriers: PersonCarriers, _ body: () async throws -> Void) async throws {
        let people = UnwantedPeople(
            store: store, carriers: carriers, node: nodeID, pace: configuration.node.beat, logger: logger)
        metrics.collect { people.samples }
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { await people.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            group.cancelAll()
            return outcome
        }
        try outcome.get()
    }
}
