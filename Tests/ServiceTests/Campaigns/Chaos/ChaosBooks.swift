import Campaigns
import Emulators
import Foundation
import Store
import Testing

/// The carrier's books and ours, held against each other when all is over.
struct ChaosBooks {
    let plan: ChaosPlan
    let calls: [SandboxCall]
    let store: Store
    private(set) var attempts = 0
    private(set) var notPlaced = 0
    private(set) var optedOut = 0
    /// Of all attempts, also those that never came to the carrier.
    private(set) var intents: [TakeOvers.Intent] = []

    init(_ plan: ChaosPlan, calls: [SandboxCall], store: Store) {
        self.plan = plan
        self.calls = calls
        self.store = store
    }

    /// Which attempt a call was asked for by.
    private static func attempt(of call: SandboxCall) -> String {
        call.answerURL.components(separatedBy: "attempt=").last ?? ""
    }

    /// Of the node that asked for a call.
    private static func port(of call: SandboxCall) -> Int? { URLComponents(string: call.answerURL)?.port }

    mutating func check() async throws {
        let byAttempt = Dictionary(grouping: calls, by: Self.attempt)
        #expect(byAttempt.filter { $0.value.count > 1 }.keys.isEmpty, "attempts that the carrier was asked for twice")
        let byNumber = Dictionary(grouping: calls, by: \.to)
        var known: Set<String> = []
        for group in ChaosPlan.Group.allCases {
            let campaign = try await store.campaign(named: group.rawValue)
            var (last, seen) = (0, 0)
            while case let page = try await store.contacts(campaign: campaign.id, after: last), let end = page.last {
                for contact in page {
                    let attempts = try await store.attempts(contact: contact.id)
                    try check(contact, attempts, in: group, byAttempt, byNumber[contact.number] ?? [])
                    known.formUnion(attempts.map(\.id))
                    try await checkOptOut(contact, byNumber[contact.number] ?? [])
                }
                (last, seen) = (end.id, seen + page.count)
            }
            #expect(seen == plan.count(of: group))
        }
        #expect(Set(byAttempt.keys).subtracting(known).isEmpty, "calls of no attempt")
        checkBounds()
    }

    private mutating func check(
        _ contact: ContactRecord, _ attempts: [AttemptRecord], in group: ChaosPlan.Group,
        _ byAttempt: [String: [SandboxCall]], _ calls: [SandboxCall]
    ) throws {
        #expect(attempts.allSatisfy { $0.state == .ended })
        let real = attempts.filter { $0.outcome != AttemptOutcome.notPlaced.rawValue }
        self.attempts += real.count
        notPlaced += attempts.count - real.count
        intents += attempts.map { attempt in
            TakeOvers.Intent(at: attempt.intendedAt, port: byAttempt[attempt.id]?.first.flatMap(Self.port(of:)))
        }
        // One call of the carrier for each attempt that counts, and none for one that does not.
        for attempt in real {
            #expect(byAttempt[attempt.id]?.map(\.id).map(Optional.some) == [attempt.carrierCallID], "\(attempt)")
        }
        #expect(calls.count == real.count, "calls to one number: \(calls.map(\.id)), attempts: \(attempts)")
        #expect(contact.attempts == real.count)
        switch group {
        case .once:
            #expect(contact.state == .done)
            let isForbidden = plan.forbidden.contains(contact.number) || plan.forbiddenLater.contains(contact.number)
            #expect(real.count == (isForbidden ? 0 : 1))
            #expect(contact.outcome == (isForbidden ? GateDecision.Rule.doNotCall.rawValue : real.last?.outcome))
        case .again:
            #expect(contact.state == .done)
            #expect(real.count == 2 && contact.outcome == real.last?.outcome)
        case .window:
            // Whose turn did not come waits for tomorrow's hours.
            #expect(real.count == (contact.state == .done ? 1 : 0))
            #expect(contact.state != .calling)
        }
    }

    /// Nobody is called after they said no.
    private mutating func checkOptOut(_ contact: ContactRecord, _ calls: [SandboxCall]) async throws {
        let standing = try await store.standing(of: contact.number, conversations: [], now: Date())
        guard let entry = standing.suppressions.first else { return }
        if entry.callID != nil { optedOut += 1 }
        #expect(calls.allSatisfy { $0.created < entry.addedAt })
    }

    /// The hours, and how many calls a campaign has at a time, by the carrier's clock.
    private func checkBounds() {
        let window = calls.filter { ChaosPlan.group(of: $0.to) == .window }
        // A request that left in the last moment arrives in the next one; on a busy machine that takes its time.
        #expect(window.allSatisfy { $0.created < plan.closing + 0.5 })
        #expect(!window.isEmpty && window.count < plan.count(of: .window), "the hours ended while calls were placed")
        for group in ChaosPlan.Group.allCases {
            var changes: [(Date, Int)] = []
            for call in calls where ChaosPlan.group(of: call.to) == group {
                changes.append((call.created, 1))
                if let ended = call.ended { changes.append((ended, -1)) }
            }
            var (live, most) = (0, 0)
            for (_, change) in changes.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
                live += change
                most = max(most, live)
            }
            #expect(most <= ChaosTests.concurrency)
        }
    }
}
