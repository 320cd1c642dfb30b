import Synchronization

/// What agents were kept from, counted over all calls.
package final class AgentCounters: Sendable {
    private let held = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let filed = Atomic<Int>(0)

    package init() {}

    /// Sentences that said something was done that was not, and were not spoken.
    package var promisesHeldBack: Int { held.load(ordering: .relaxed) }
    /// Calls of tools that were refused for want of evidence, or because they went round in circles.
    package var actsRefused: Int { refused.load(ordering: .relaxed) }
    package var reviewsFiled: Int { filed.load(ordering: .relaxed) }

    func promiseHeldBack() { held.wrappingAdd(1, ordering: .relaxed) }
    func actRefused() { refused.wrappingAdd(1, ordering: .relaxed) }
    func reviewFiled() { filed.wrappingAdd(1, ordering: .relaxed) }
}
