import Campaigns
import CoreMetrics
import Foundation
import Logging
import Store

/// Whom the running campaigns call now.
extension CampaignRunner {
    func tick() async -> [Order] {
        hasMore = false
        guard baseURL != nil else { return [] }
        // What was intended before the store failed is carried out all the same.
        var orders: [Order] = []
        do {
            try await lookAfterAttempts()
            try await sweep()
            let open = try await store.openAttemptCounts()
            var room = accountConcurrency.map { $0 - open.values.reduce(0, +) } ?? .max
            let running = try await store.campaigns(in: .running)
            let ids = Set(running.map(\.id))
            lines = lines.filter { ids.contains($0.key) }
            abandonments = abandonments.filter { ids.contains($0.key) }
            let names = Set(running.map(\.name))
            hourlyAnswers = hourlyAnswers.filter { names.contains($0.key) }
            if !running.isEmpty { await rate.look(now(), isDialling: true) }
            for record in running {
                let before = orders.count
                try await work(record, live: open[record.id, default: 0], room: room, into: &orders)
                room -= orders.count - before
            }
        } catch {
            logger.error("campaigns cannot go on now", metadata: ["reason": "\(error)"])
        }
        return orders
    }

    /// Contacts looked at in one tick, so that a night's worth of them does not hold up other campaigns.
    static let batch = 200
    /// Contacts decided about at a time, where fewer may be called.
    private static let leastPart = 20

    private func work(_ record: CampaignRecord, live: Int, room: Int, into orders: inout [Order]) async throws {
        let now = now()
        let campaign = try CampaignDefinition(stored: record.definition)
        var load = Pacer.Load(live: live)
        if campaign.pacing.targetAnswered != nil {
            load.answered = try await store.answeredAttemptCount(campaign: record.id)
            load.abandonment = try await abandonment(of: record)
        }
        if lines[record.id]?.since != record.changedAt {
            lines[record.id] = Line(pacer: Pacer(campaign.pacing, started: now), since: record.changedAt)
        }
        // Never a copy across an await: attempts end meanwhile.
        let own = lines[record.id]?.pacer.allowance(now, load) ?? 0
        var allowance = min(own, rate.available(now), freeLines(), room)
        guard allowance > 0, now >= rest.until else { return }
        let due = try await store.dueContacts(campaign: record.id, now: now, limit: Self.batch)
        if due.isEmpty {
            if live == 0, try await !store.hasOpenContacts(campaign: record.id) {
                _ = try await store.moveCampaign(
                    id: record.id, from: [.running], to: .finished, reason: "every contact is done", at: now)
                logger.info("campaign finished", metadata: ["campaign": "\(record.name)"])
            }
            return
        }
        var use = try await store.callerIDUse(since: now - 86_400)
        let abandonment = try await abandonment(of: record)
        var left = due[...]
        while allowance > 0, !left.isEmpty {
            let part = Array(left.prefix(max(allowance, Self.leastPart)))
            left = left.dropFirst(part.count)
            let verdicts = try await office.verdicts(
                on: part, of: record, campaign, use: use, abandonment: abandonment, limit: allowance)
            use = verdicts.use
            for (rule, count) in verdicts.rules {
                Counter(label: "parley_campaign_decisions_total", dimensions: [("rule", rule)], factory: factory)
                    .increment(by: count)
            }
            try await store.postpone(verdicts.postponements, at: self.now())
            let stored = try await intend(verdicts.calls.map(\.attempt))
            for (attempt, permit) in verdicts.calls where stored.contains(attempt.id) {
                allowance -= 1
                lines[record.id]?.pacer.placed(now)
                rate.take(now)
                orders.append(
                    Order(
                        attempt: attempt, permit: permit, ringTimeout: campaign.pacing.ringTimeout,
                        findsMachines: campaign.machine != .talk))
            }
            if verdicts.isOutOfNumbers { return }
        }
        if allowance > 0, due.count == Self.batch { hasMore = true }
    }

    /// Stores intents, which are this process's to carry out from that moment on.
    private func intend(_ attempts: [AttemptRecord]) async throws -> Set<String> {
        let ids = attempts.map(\.id)
        placing.formUnion(ids)
        do {
            let stored = try await store.intend(attempts)
            placing.subtract(ids.filter { !stored.contains($0) })
            return stored
        } catch {
            // They may be stored all the same: then they are looked up with the carrier like any other.
            placing.subtract(ids)
            throw error
        }
    }

    private static let countPause: TimeInterval = 2

    /// Counted anew every few seconds, and at once when somebody was left without an agent: over 30 days there is much to
    /// count.
    private func abandonment(of record: CampaignRecord) async throws -> AbandonmentRate {
        if let counted = abandonments[record.id],
            !counted.until.isOver(at: now(), chosenWithin: Self.countPause)
        {
            return counted.rate
        }
        let rate = try await office.abandonment(of: record)
        abandonments[record.id] = (rate, now() + Self.countPause)
        return rate
    }
}
