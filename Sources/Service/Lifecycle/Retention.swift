import Campaigns
import Foundation
import Logging
import Store

/// Deletes what is kept no longer: recordings, also those of no call, whole calls, contacts of finished campaigns, rows of the
/// audit log, and answers that are kept for repeated requests.
struct Retention: Sendable {
    /// Days that recordings are kept; nil keeps them.
    let recordingDays: Int?
    /// Days that calls are kept, with all that belongs to them; nil keeps them.
    let callDays: Int?
    /// Days that rows of the audit log are kept; nil keeps them.
    let auditDays: Int?
    /// Days that finished campaigns keep their contacts and attempts; nil keeps them.
    let contactDays: Int?
    /// Where recordings are.
    let folder: String
    /// Where contacts are received; nothing stays there for longer than a day and the time until the next look.
    let imports: ImportFolder
    let store: Store
    /// The calls on the line.
    let live: @Sendable () -> Set<String>
    let logger: Logger

    init(
        _ configuration: ParleyConfiguration, store: Store, logger: Logger,
        live: @escaping @Sendable () -> Set<String>
    ) {
        recordingDays = configuration.recordings.retentionDays
        callDays = configuration.store.retentionDays
        auditDays = configuration.store.auditDays
        contactDays = configuration.campaigns.retentionDays
        folder = configuration.recordings.directory
        imports = ImportFolder(directory: configuration.campaigns.imports)
        self.store = store
        self.live = live
        self.logger = logger
    }

    /// Deletes what is too old at `now`. A file that cannot be deleted keeps its row, is logged, and is tried again the
    /// next time.
    func sweep(now: Date) async {
        if let callDays {
            await delete("calls", days: callDays) {
                try await store.deleteCalls(
                    before: Self.days(callDays, before: now), except: live(), recordings: folder)
            }
        }
        if let recordingDays {
            await delete("recordings", days: recordingDays) {
                try await store.deleteRecordings(
                    before: Self.days(recordingDays, before: now), except: live(), recordings: folder)
            }
        }
        await deleteStrays(now: now)
        await forgetAnswers(now: now)
        await deleteContacts(now: now)
        await pruneAudit(now: now)
        imports.sweep(now: now)
    }

    /// Sweeps until `pause` throws, which it does when it is cancelled.
    func run(now: @Sendable () -> Date = { Date() }, pause: @Sendable () async throws -> Void = Self.untilTomorrow)
        async
    {
        repeat { await sweep(now: now()) } while (try? await pause()) != nil
    }

    private static let untilTomorrow: @Sendable () async throws -> Void = {
        try await Task.sleep(for: .seconds(86_400))
    }

    private static func days(_ count: Int, before now: Date) -> Date {
        now.addingTimeInterval(-86_400 * Double(count))
    }

    private func deleteContacts(now: Date) async {
        guard let contactDays else { return }
        do {
            var count = 0
            let moment = Self.days(max(contactDays, try await quietDays()), before: now)
            while case let some = try await store.deleteContacts(ofCampaignsFinishedBefore: moment), some > 0 {
                count += some
            }
            guard count > 0 else { return }
            logger.info(
                "contacts of finished campaigns deleted", metadata: ["days": "\(contactDays)", "contacts": "\(count)"])
        } catch {
            logger.error("contacts of finished campaigns could not be deleted", metadata: ["error": "\(error)"])
        }
    }

    /// How many days campaigns that may still call look back for a conversation: it is known by the attempts alone.
    private func quietDays() async throws -> Int {
        var most = 0
        for state in CampaignRecord.State.allCases where state != .finished {
            for record in try await store.campaigns(in: state) {
                // One that cannot be read calls nobody.
                guard let campaign = try? CampaignDefinition(stored: record.definition) else { continue }
                most = max(most, campaign.frequency.quietDays)
            }
        }
        return most
    }

    private func pruneAudit(now: Date) async {
        guard let auditDays else { return }
        do {
            let count = try await store.pruneAudit(before: Self.days(auditDays, before: now), at: now)
            if count > 0 {
                logger.info(
                    "old rows of the audit log deleted", metadata: ["days": "\(auditDays)", "rows": "\(count)"])
            }
        } catch { logger.error("old rows of the audit log could not be deleted", metadata: ["error": "\(error)"]) }
    }

    /// Recordings whose call has no row, as after a restore, go when those of calls would: nothing else finds them, no erasure
    /// either.
    private func deleteStrays(now: Date) async {
        guard let days = [recordingDays, callDays].compactMap(\.self).min() else { return }
        do {
            let old = try StrayRecordings(folder: folder).old(before: Self.days(days, before: now), except: live())
            var count = 0
            for files in old {
                guard try await !store.hasCall(files.id) else { continue }
                for path in files.paths {
                    // One that cannot be deleted keeps none behind it.
                    do {
                        try FileManager.default.removeItem(atPath: path)
                        count += 1
                    } catch {
                        logger.error("a recording of no call could not be deleted", metadata: ["error": "\(error)"])
                    }
                }
            }
            guard count > 0 else { return }
            logger.notice("recordings of no call deleted", metadata: ["days": "\(days)", "files": "\(count)"])
        } catch { logger.error("recordings of no call could not be deleted", metadata: ["error": "\(error)"]) }
    }

    private func forgetAnswers(now: Date) async {
        do { _ = try await store.forgetAnswers(before: now - IdempotencyDesk.lifetime) } catch {
            logger.error("answers kept for repeated requests could not be deleted", metadata: ["error": "\(error)"])
        }
    }

    private func delete(_ what: String, days: Int, _ work: () async throws -> Store.Removal) async {
        do {
            let removal = try await work()
            guard !removal.isNothing else { return }
            logger.info(
                "old records deleted",
                metadata: [
                    "what": "\(what)", "days": "\(days)", "calls": "\(removal.calls)", "files": "\(removal.files)",
                    "incidents": "\(removal.incidents)", "acts": "\(removal.acts)",
                ])
        } catch {
            logger.error("old records could not be deleted", metadata: ["what": "\(what)", "error": "\(error)"])
        }
    }
}
