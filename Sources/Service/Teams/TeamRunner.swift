package import Agent
import Campaigns
package import Foundation
package import Logging
import Networking
import ServiceLifecycle
package import Store

/// Does what teams do around calls, each step once.
///
/// A step is taken under a lease and done under a key of its own. Should the process end in between, the next one takes it
/// up again with the same key, and every tool answers what it did already. What is done is not done again.
package struct TeamRunner: Sendable {
    /// What steps are done with.
    package struct Workshop: Sendable {
        var agents: @Sendable () -> [String: AgentDefinition]
        var dialogue: @Sendable (AgentDefinition, CallFacts) throws -> any Dialogue
        /// Nil where no calls can be placed.
        var office: CampaignOffice?

        package init(
            agents: @escaping @Sendable () -> [String: AgentDefinition],
            dialogue: @escaping @Sendable (AgentDefinition, CallFacts) throws -> any Dialogue,
            office: CampaignOffice? = nil
        ) {
            self.agents = agents
            self.dialogue = dialogue
            self.office = office
        }
    }

    /// Runs worked on at once.
    private static let width = 8

    let store: Store
    let workshop: Workshop
    let desk: StoredReviewDesk
    let mask: PersonalDataMask
    private let lease: Duration
    let now: @Sendable () -> Date
    let logger: Logger
    /// Runs that this process is at work on.
    private let busy = Lock<Set<String>>([])

    /// - Parameters:
    ///   - mask: of what is kept of tools' calls.
    ///   - lease: how long a process may be silent before another one takes its step over.
    package init(
        store: Store, workshop: Workshop, webhooks: WebhookRoster = WebhookRoster(),
        mask: PersonalDataMask = PersonalDataMask(), lease: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.workshop = workshop
        desk = StoredReviewDesk(store: store, webhooks: webhooks, now: now)
        self.mask = mask
        self.lease = lease
        self.now = now
        self.logger = logger
    }

    /// Works until cancelled, or until the service is told to stop: from then on nothing is begun, and what is under way may
    /// come to its end.
    package func run(every interval: Duration) async {
        await withDiscardingTaskGroup { group in
            while goesOn {
                do {
                    for id in try await look() where begins(id) {
                        group.addTask {
                            await advance(id)
                            ends(id)
                        }
                    }
                } catch {
                    logger.error("teams' runs could not be looked at", metadata: ["error": "\(error)"])
                }
                await cancelWhenGracefulShutdown { try? await Task.sleep(for: interval) }
            }
        }
    }

    /// Does everything that can be done now in these runs. Calls that have ended are left to a service.
    package func work(on runs: [String]) async {
        for id in runs {
            await settle(id)
            await advance(id)
        }
    }

    private var goesOn: Bool { !Task.isCancelled && !Task.isShuttingDownGracefully }

    private func begins(_ id: String) -> Bool {
        busy.withLock { $0.count < Self.width && $0.insert(id).inserted }
    }

    private func ends(_ id: String) { busy.withLock { _ = $0.remove(id) } }

    /// Takes up the calls that have ended and what runs have waited for, and finds the runs that can go on.
    func look() async throws -> [String] {
        let following = workshop.agents().filter { $0.value.team.followsCalls }
        try await store.watchTeams(of: Set(following.keys))
        let office = TeamOffice(store: store, now: now)
        for (name, agent) in following.sorted(by: { $0.key < $1.key }) {
            let calls = try await store.callsWithoutTeam(
                of: name, placedBy: TeamCall.prefix, having: agent.team.variablesAfter, now: now())
            for call in calls { try await office.follow(call: call, of: agent) }
        }
        // Beside the width: whatever many runs wait for keeps none from going on.
        for id in try await store.answeredTeamRuns(now: now()) { await settle(id) }
        return try await store.dueTeamRuns(withoutStep: placesCalls ? nil : TeamPlan.call, now: now())
    }

    private var placesCalls: Bool { workshop.office != nil }

    /// As far as the run can go now.
    func advance(_ id: String) async {
        do {
            while goesOn {
                let run = try await store.teamRun(id: id)
                guard run.state == .open else { return }
                let plan = try run.team()
                switch run.progress(of: plan).next(run.steps, placesCalls: placesCalls, now: now()) {
                case .wait: return
                case .begin(let names):
                    let areNoted = await withTaskGroup(of: Bool.self) { group in
                        for name in names { group.addTask { await work(name, of: run, plan) } }
                        return await group.allSatisfy(\.self)
                    }
                    // What could not be noted would be begun again at once.
                    guard areNoted else { return }
                case .finish(let state, let reason):
                    guard try await store.finish(run: id, state, because: reason, now: now()) else { return }
                    logger.notice(
                        "a team's run is over",
                        metadata: [
                            "run": "\(id)", "agent": "\(run.agent)", "state": "\(state.rawValue)",
                            "reason": "\(reason ?? "")",
                        ])
                    return
                }
            }
        } catch {
            logger.error("a team's run could not go on", metadata: ["run": "\(id)", "error": "\(error)"])
        }
    }

    /// - Returns: false when nothing came of it that is stored, so that the next look, or another process, takes it up.
    private func work(_ name: String, of run: TeamRunRecord, _ plan: TeamPlan) async -> Bool {
        do {
            guard let attempt = try await store.claim(step: name, ofRun: run.id, lease: lease, now: now()) else {
                return false
            }
            let outcome = await keepingLease(name, of: run, attempt) {
                await result(of: name, in: run, plan, attempts: attempt)
            }
            // A process that is told to stop leaves the step as it is: the next one takes it up again.
            guard let outcome else { return false }
            let isNoted = try await store.note(step: name, ofRun: run.id, attempt: attempt, outcome, now: now())
            if !isNoted {
                logger.warning(
                    "a team's step was taken over meanwhile", metadata: ["run": "\(run.id)", "step": "\(name)"])
            }
            if name == TeamPlan.call, try await store.teamRun(id: run.id).state == .cancelled {
                // Ended by a person while the call was being prepared.
                _ = try await store.withdraw(
                    campaign: TeamCall.campaign(ofRun: run.id), because: "the run was cancelled", now: now())
            }
            return isNoted
        } catch {
            logger.error(
                "a team's step could not be noted",
                metadata: ["run": "\(run.id)", "step": "\(name)", "error": "\(error)"])
            return false
        }
    }

    /// Cancels `work` when the step is somebody else's by now.
    private func keepingLease(
        _ name: String, of run: TeamRunRecord, _ attempt: Int, _ work: @escaping @Sendable () async -> TeamStepOutcome?
    ) async -> TeamStepOutcome? {
        await withTaskGroup(of: TeamStepOutcome?.self) { group in
            group.addTask { await work() }
            group.addTask {
                while (try? await Task.sleep(for: lease / 3)) != nil {
                    let isHeld = try? await store.renew(
                        step: name, ofRun: run.id, attempt: attempt, lease: lease, now: now())
                    if isHeld == false { break }
                }
                return nil
            }
            // Whichever ends first, what was done counts.
            var outcome: TeamStepOutcome?
            for await found in group {
                outcome = outcome ?? found
                group.cancelAll()
            }
            return outcome
        }
    }
}
