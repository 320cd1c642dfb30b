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

    private let escalated = Atomic<Int>(0)
    private let all: AgentCounters?

    /// - Parameter all: counts everything that is counted here, too; for the counters of one call.
    package init(within all: AgentCounters? = nil) { self.all = all }

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

    /// Times an agent could not help and followed its `escalation`.
    package var escalations: Int { escalated.load(ordering: .relaxed) }

    /// Times the older part of a long conversation was summed up for its model.
    package var contextsSummedUp: Int { summedUp.load(ordering: .relaxed) }

    func promiseHeldBack() {
        held.wrappingAdd(1, ordering: .relaxed)
        all?.promiseHeldBack()
    }

    func statementHeldBack() {
        unstated.wrappingAdd(1, ordering: .relaxed)
        all?.statementHeldBack()
    }

    func actRefused() {
        refused.wrappingAdd(1, ordering: .relaxed)
        all?.actRefused()
    }

    func reviewFiled() {
        filed.wrappingAdd(1, ordering: .relaxed)
        all?.reviewFiled()
    }

    func replyPrepared() {
        used.wrappingAdd(1, ordering: .relaxed)
        all?.replyPrepared()
    }

    func contextSummedUp() {
        summedUp.wrappingAdd(1, ordering: .relaxed)
        all?.contextSummedUp()
    }

    func replyDiscarded() {
        unused.wrappingAdd(1, ordering: .relaxed)
        all?.replyDiscarded()
    }

    func statementsFlagged(_ count: Int) {
        guard count > 0 else { return }
        stated.wrappingAdd(count, ordering: .relaxed)
        all?.statementsFlagged(count)
    }

    func escalated(times count: Int) {
        guard count > 0 else { return }
        escalated.wrappingAdd(count, ordering: .relaxed)
        all?.escalated(times: count)
    }
}
