import CoreMetrics
import Logging
import Store

/// How long people waited for the agent counts for the share of abandoned calls, however often the store has to be asked.
extension CampaignRunner {
    /// Stores how long somebody waited.
    ///
    /// - Returns: what is still to be stored, for ``keep(_:)``; nil where nothing is.
    func note(_ greeting: OwedGreeting) async -> OwedGreeting? {
        do {
            _ = try await store.note(attempt: greeting.attempt, greetingDelay: greeting.delay)
            return nil
        } catch {
            complain(of: greeting, error)
            owedGreetings.insert(greeting.attempt)
            countOwedGreetings()
            return greeting
        }
    }

    /// Tries again until it is stored, by this or with the attempt's end. Works until it is cancelled.
    func keep(_ owed: OwedGreeting) async {
        var pause = Duration.milliseconds(100)
        while (try? await Task.sleep(for: pause)) != nil {
            do {
                _ = try await store.note(attempt: owed.attempt, greetingDelay: owed.delay)
                return settle(owed)
            } catch { complain(of: owed, error) }
            pause = min(pause * 3, Self.longestPause)
        }
        // This task is cancelled, and what it asks of the store would be, too.
        let last = Task { try await store.note(attempt: owed.attempt, greetingDelay: owed.delay) }
        let outcome = await last.result
        settle(owed)
        guard case .failure(let error) = outcome else { return }
        logger.critical(
            "how long somebody waited for the agent is not stored as the service ends, and does not count",
            metadata: [
                "attempt": "\(owed.attempt)", "waited": "\(owed.delay / 8) ms", "reason": "\(error)",
            ])
    }

    private func settle(_ owed: OwedGreeting) {
        owedGreetings.remove(owed.attempt)
        countOwedGreetings()
    }

    private func complain(of owed: OwedGreeting, _ error: any Error) {
        logger.warning(
            "how long somebody waited for the agent is not stored yet",
            metadata: ["attempt": "\(owed.attempt)", "reason": "\(error)"])
    }

    private func countOwedGreetings() {
        Gauge(label: "parley_campaign_greetings_owed", factory: factory).record(owedGreetings.count)
    }
}
