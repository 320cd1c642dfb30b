import Synchronization

/// What agents were kept from, and what they prepared, counted over all calls.
package final class AgentCounters: Sendable {
    private let held = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let filed = Atomic<Int>(0)
    private let used = Atomic<Int>(0)
    private let unused = Atomic<Int>(0)
    private let stated = Atomic<Int>(0)
    private let unstated = Atomic<Int>(0)
    private let summedUp = Atomic<Int>(0)

    package init() {}

    /// Sentences that said something was done that was not, and were not spoken.
    package var promisesHeldBack: Int { held.load(ordering: .relaxed) }
    /// Statements that nothing supported, spoken or not.
    package var statementsFlagged: Int { stated.load(ordering: .relaxed) }
    /// Those of them that were not spoken.
    package var statementsHeldBack: Int { unstated.load(ordering: .relaxed) }
    /// Calls of tools that were refused for want of evidence, or because they went round in circles.
    package var actsRefused: Int { refused.load(ordering: .relaxed) }
    package var reviewsFiled: Int { filed.load(ordering: .relaxed) }
    /// Answers that a model was asked for at a pause, and that were given.
    package var repliesPrepared: Int { used.load(ordering: .relaxed) }
    /// The same, thrown away: the caller went on, or the words became others.
    package var repliesDiscarded: Int { unused.load(ordering: .relaxed) }

    /// Times the older part of a long conversation was summed up for its model.
    package var contextsSummedUp: Int { summedUp.load(ordering: .relaxed) }

    func promiseHeldBack() { held.wrappingAdd(1, ordering: .relaxed) }
    func statementsFlagged(_ count: Int) { if count > 0 { stated.wrappingAdd(count, ordering: .relaxed) } }
    func statementHeldBack() { unstated.wrappingAdd(1, ordering: .relaxed) }
    func actRefused() { refused.wrappingAdd(1, ordering: .relaxed) }
    func reviewFiled() { filed.wrappingAdd(1, ordering: .relaxed) }
    func replyPrepared() { used.wrappingAdd(1, ordering: .relaxed) }
    func contextSummedUp() { summedUp.wrappingAdd(1, ordering: .relaxed) }
    func replyDiscarded() { unused.wrappingAdd(1, ordering: .relaxed) }
}
