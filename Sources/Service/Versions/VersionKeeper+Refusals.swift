import Agent
import Foundation
import Logging
import Speech
import Store

/// What happens where an agent cannot be taken as it was decided.
extension VersionKeeper {
    /// At the start, where nothing works yet that could go on: the version that was live before, or else the file.
    func standIn(for standing: AgentStanding) async throws {
        for number in try await store.predecessors(of: standing.live, agent: standing.agent) {
            do {
                let lane = AgentRoster.Lane(live: try await version(number, of: standing, nil, true))
                roster.put(lane, for: standing.agent)
                try await watch(standing, lane)
                logger.warning(
                    "an earlier version stands in", metadata: ["agent": "\(standing.agent)", "version": "\(number)"])
                return
            } catch is VersionRefusal { continue }
        }
        guard let file = files[standing.agent] else { return }
        logger.warning("an agent's file stands in for its versions", metadata: ["agent": "\(standing.agent)"])
        try await takeFile(file)
    }

    /// Gives an agent's new calls back to its file, as it is at this moment. A file that cannot be taken replaces nothing
    /// that works.
    func backToFile(_ name: String, act: Int) async throws {
        let reason: String
        do {
            let file = try VersionOffice(configuration, store: store, tools: { [] }).file(of: name).definition()
            let faults = file.faults(
                tools: tools(), configuration: configuration, agents: Set(roster.definitions.keys))
            guard faults.isEmpty else { throw AgentFileErrors(faults) }
            roster.put(AgentRoster.Lane(live: try await prepare(file, isStarting: false), act: act), for: name)
            watched.removeAll { $0.record.agent == name }
            refused[name] = nil
            logger.notice("an agent takes its calls from its file", metadata: ["agent": "\(name)"])
            return
        } catch let objection as AgentObjection {
            reason = objection.reason
        } catch let error as AgentFileErrors {
            reason = error.description
        } catch let error as AgentError {
            reason = error.description
        } catch let error as SpeechError {
            reason = error.description
        }
        heldBack.insert(name)
        tally.refused(name)
        logger.error(
            "an agent's file is not taken; the version that answered so far goes on until the next start",
            metadata: ["agent": "\(name)", "reason": "\(reason)"])
        try? await store.refuse(version: nil, of: name, because: reason, now: now())
    }

    func refuse(_ refusal: VersionRefusal, _ standing: AgentStanding) async {
        refused[standing.agent] = standing.act
        tally.refused(standing.agent)
        logger.error(
            "a version is not taken; what answered so far goes on",
            metadata: [
                "agent": "\(standing.agent)", "version": "\(refusal.number)", "reason": "\(refusal.reason)",
            ])
        try? await store.refuse(
            version: refusal.number, of: standing.agent, because: refusal.reason, now: now())
    }

    /// What was refused is taken after all: nobody is to read any more that it is not.
    func noteTaken(_ agent: String, since act: Int) async throws {
        guard try await store.refusal(of: agent) != nil else { return }
        try await store.noteTaken(agent, since: act, now: now())
    }
}
