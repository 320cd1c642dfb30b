import Agent
import Networking
import Synchronization

/// Counts what one call uses of others, by provider. Any thread.
package final class UsageMeter: Sendable {
    private final class Count: Sendable {
        let value = Atomic<Int>(0)
    }

    private struct Place: Hashable {
        let provider: String
        let unit: UsageUnit
    }

    private let counts = Lock<[Place: Count]>([:])

    package init() {}

    private func count(_ provider: String, _ unit: UsageUnit) -> Count {
        counts.withLock { counts in
            let place = Place(provider: provider, unit: unit)
            if let count = counts[place] { return count }
            let count = Count()
            counts[place] = count
            return count
        }
    }

    package func add(_ amount: Int, _ unit: UsageUnit, of provider: String) {
        guard amount > 0 else { return }
        count(provider, unit).value.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Takes what a recognizer was sent, several times a second: without a lock.
    package func audio(of provider: String) -> @Sendable (Duration) -> Void {
        // In microseconds here, so that frames of any length add up.
        let count = count(provider, .audio)
        return { count.value.wrappingAdd(Int($0 / .microseconds(1)), ordering: .relaxed) }
    }

    /// Takes the characters that a voice was asked to say.
    package func characters(of provider: String) -> @Sendable (Int) -> Void {
        let count = count(provider, .characters)
        return { count.value.wrappingAdd($0, ordering: .relaxed) }
    }

    /// Takes the tokens of one answer.
    func add(_ usage: ModelUsage, of provider: String) {
        add(
            usage.promptTokens - usage.cachedTokens - usage.promptSoundTokens, .inputTokens, of: provider)
        add(usage.cachedTokens, .cachedTokens, of: provider)
        add(usage.promptSoundTokens, .audioInputTokens, of: provider)
        add(usage.completionTokens - usage.completionSoundTokens, .outputTokens, of: provider)
        add(usage.completionSoundTokens, .audioOutputTokens, of: provider)
    }

    /// What was used until now; without what nothing was used of, in the order of names.
    package var usage: [(provider: String, unit: UsageUnit, quantity: Int)] {
        let counts = counts.withLock { $0 }
        return counts.map { place, count in
            let value = count.value.load(ordering: .relaxed)
            return (place.provider, place.unit, place.unit == .audio ? (value + 500) / 1000 : value)
        }
        .filter { $0.quantity > 0 }
        .sorted { ($0.provider, Self.rank[$0.unit] ?? 0) < ($1.provider, Self.rank[$1.unit] ?? 0) }
    }

    private static let rank = Dictionary(
        uniqueKeysWithValues: UsageUnit.allCases.enumerated().map { ($0.element, $0.offset) })
}
