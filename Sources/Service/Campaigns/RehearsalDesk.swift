import Campaigns
import Dispatch
import Foundation
import Networking

/// Runs rehearsals for people who wait for them: one at a time, away from the threads that answer, and none for ever.
final class RehearsalDesk: Sendable {
    /// Contacts of one rehearsal: a few tens of megabytes.
    static let mostContacts = 50_000

    /// Somebody's rehearsal is being run.
    struct IsBusy: Error {}

    /// How long one may take.
    private let patience: Duration
    private let queue = DispatchQueue(label: "parley.rehearsal", qos: .utility)
    private let isBusy = Lock(false)

    init(patience: Duration = .seconds(60)) { self.patience = patience }

    /// - Parameter account: bounds the campaign's pacing; nil leaves it as it is.
    /// - Throws: ``IsBusy``, and what the office throws.
    func rehearse(
        _ name: String, begins: Date?, seed: UInt64, account: AccountPacing? = nil, at office: CampaignOffice
    ) async throws -> RehearsalReport {
        let isMine = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard isMine else { throw IsBusy() }
        defer { isBusy.withLock { $0 = false } }
        let rehearsal = try await office.rehearsal(
            of: name, begins: begins, seed: seed, account: account, most: Self.mostContacts)
        let patience = patience
        return await withCheckedContinuation { continuation in
            queue.async {
                var rehearsal = rehearsal
                let end = ContinuousClock.now + patience
                continuation.resume(returning: rehearsal.run { ContinuousClock.now > end })
            }
        }
    }
}
