import Synchronization

/// A number that one thread counts up and others look at.
package final class Tally: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    package var count: Int { value.load(ordering: .acquiring) }

    /// - Returns: the number before.
    @discardableResult
    func add(_ amount: Int = 1) -> Int {
        value.wrappingAdd(amount, ordering: .acquiringAndReleasing).oldValue
    }
}
