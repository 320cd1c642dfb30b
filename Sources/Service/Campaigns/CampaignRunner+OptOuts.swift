import CallSession
import CoreMetrics
import Foundation
import Logging
import Store

/// Who wants no more calls is put on the list, however often the store has to be asked.
extension CampaignRunner {
    /// What is owed of one kind and repeated side by side; the next one waits for its turn, and the findings behind it with it.
    static let mostOwed = 10_000
    static let longestPause = Duration.seconds(30)
    private static let journalPortion = 1000

    /// Puts the person on the list; returns when it is stored.
    func optOut(_ call: OutboundCall, callID: String, reason: String) async throws {
        try await store.optOut(number: call.number, reason: reason, callID: callID, at: now())
        logger.info("a person opted out", metadata: ["attempt": "\(call.attempt)", "reason": "\(reason)"])
    }

    /// Notes that this has to be stored, before anything else is done about the call.
    ///
    /// - Returns: nil where somebody is at it already.
    func owe(_ call: OutboundCall, callID: String, reason: String) -> OwedOptOut? {
        guard owedOptOuts[call.attempt] == nil else { return nil }
        let owed = OwedOptOut(call: call, callID: callID, reason: reason)
        owedOptOuts[call.attempt] = owed
        countOwed()
        return owed
    }

    /// Stores it, and tries again until that has succeeded; then ends the attempt where it waited for that. Works until it is
    /// cancelled.
    func keep(_ owed: OwedOptOut) async {
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await optOut(owed.call, callID: owed.callID, reason: owed.reason)
                break
            } catch {
                logger.critical(
                    "an opt-out is not stored yet",
                    metadata: ["attempt": "\(owed.call.attempt)", "reason": "\(error)"])
            }
            guard (try? await Task.sleep(for: pause)) != nil else { return await tryLast(owed) }
            pause = min(pause * 3, Self.longestPause)
        }
        let id = owed.call.attempt
        let report = owedOptOuts.removeValue(forKey: id)?.report
        countOwed()
        guard let report else { return }
        do {
            guard let attempt = try await store.attempt(id: id), attempt.state != .ended else { return }
            await conclude(attempt, report)
        } catch {
            // Looked at again in a while, as it is still open.
            logger.error(
                "the end of a call is not understood", metadata: ["attempt": "\(id)", "reason": "\(error)"])
        }
    }

    /// The process ends. The attempt stays open where this fails, so that nobody calls the number and the next start finds what
    /// was said in the call's record.
    private func tryLast(_ owed: OwedOptOut) async {
        // This task is cancelled, and what it asks of the store would be, too.
        let last = Task { try await optOut(owed.call, callID: owed.callID, reason: owed.reason) }
        let outcome = await last.result
        owedOptOuts[owed.call.attempt] = nil
        countOwed()
        guard case .failure(let error) = outcome else { return }
        logger.critical(
            """
            an opt-out is not stored as the service ends; its next start looks for it in the call's record, and \
            `parley campaign do-not-call` takes the number that this attempt called
            """, metadata: ["attempt": "\(owed.call.attempt)", "call": "\(owed.callID)", "reason": "\(error)"])
    }

    private func countOwed() {
        Gauge(label: "parley_campaign_opt_outs_owed", factory: factory).record(owedOptOuts.count)
    }

    /// Why the person of a call that another process held wants no more calls, by the call's record.
    ///
    /// - Returns: nil where they said nothing of the kind, or there is no record.
    func recordedOptOut(of attempt: AttemptRecord, callID: String) async throws -> String? {
        let story: CallStory
        do throws(StoreError) { story = try await store.story(ofCall: callID) } catch {
            // Whoever asks looks again in a while.
            guard error.code == .notFound else { throw error }
            return nil
        }
        if story.turns.contains(where: Self.isOptOut) { return OptOutDialogue.saidSo }
        var watch = OutboundWatch(
            OutboundCall(
                attempt: attempt.id, number: attempt.number, callerID: attempt.callerID, agent: attempt.agent,
                seller: "", variables: [:], placed: PlacedCall(machine: .hangUp)))
        var next = 0
        while true {
            let entries = try await store.journal(ofCall: callID, from: next, limit: Self.journalPortion)
            for entry in entries {
                do { try watch.read(entry) } catch {
                    // The attempt would be open for ever; the turns above say what was said.
                    logger.critical(
                        "an entry of a call's journal cannot be read to see whether somebody opted out",
                        metadata: ["attempt": "\(attempt.id)", "entry": "\(entry.sequence)", "reason": "\(error)"])
                }
            }
            guard entries.count == Self.journalPortion, let last = entries.last else { return watch.optOut }
            next = last.sequence + 1
        }
    }

    private static func isOptOut(_ turn: TurnRecord) -> Bool {
        turn.speaker == .caller && (turn.intent == OptOutDialogue.intent || OptOutPhrases.matches(turn.text))
    }
}
