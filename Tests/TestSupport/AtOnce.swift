/// Cases of one test that mostly wait, several at a time: tests themselves run one after the other.
package enum AtOnce {
    /// - Parameters:
    ///   - cases: begun in this order.
    ///   - width: how many may run at a time; the next one begins when one of them has ended.
    ///   - body: one case; what goes wrong in it must name the case.
    ///   - failed: told of a case that threw.
    package static func each<Case: Sendable>(
        _ cases: some Sequence<Case>, atMost width: Int, _ body: @escaping @Sendable (Case) async throws -> Void,
        failed: (Case, any Error) -> Void
    ) async {
        precondition(width > 0, "no case could begin")
        await withTaskGroup(of: (Case, (any Error)?).self) { group in
            var running = 0
            for one in cases {
                if running == width, let (ended, error) = await group.next() {
                    running -= 1
                    if let error { failed(ended, error) }
                }
                group.addTask {
                    do {
                        try await body(one)
                        return (one, nil)
                    } catch { return (one, error) }
                }
                running += 1
            }
            for await (ended, error) in group {
                if let error { failed(ended, error) }
            }
        }
    }
}
