import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Store
import Telephony

/// Calls to people for whom somebody holds the line.
extension CallHost {
    /// Everybody who may have the caller of a call that begins with `agent`, by name; nobody where that agent has the whole
    /// call. They are as they answer now, whatever is published meanwhile.
    func holders(of agent: PreparedAgent, among definitions: [String: AgentDefinition]) -> [String: PreparedAgent] {
        let names = agent.definition.holders(among: definitions)
        guard names.count > 1 else { return [:] }
        var holders: [String: PreparedAgent] = [:]
        for name in names { holders[name] = name == agent.definition.name ? agent : agents.lane(name)?.live }
        return holders
    }

    /// Who talks on a person's call: the agent's voice, with nothing in mind but the caller who waits.
    ///
    /// The call is not recorded: what the two say to each other is on the recording of the caller's.
    func admitPerson(
        _ call: CallDesk.Expected, _ start: MediaStart, of carrier: String, on loop: EventLoop
    ) -> Result<CallPlan, MediaRefusal> {
        guard let people, let person = people.person(call.callID) else {
            return .failure(MediaRefusal(code: 1008, reason: "nobody waits for this call any more"))
        }
        let (agent, plan) = (person.agent, person.request.plan)
        let facts = CallFacts(
            callID: call.callID, callerNumber: person.number, calledNumber: person.callerID, isPlaced: true)
        var settings = agent.settings
        settings.warmTransfers = nil
        settings.callerGone = plan.gone
        settings.escalation = nil
        settings.placed = PlacedCall(machine: .hangUp, optOutKey: "")
        let meter = UsageMeter()
        let mark = CallMark(callID: call.callID)
        let (engines, prices) = (agent.engines.metered(by: meter).logging(to: mark.logger(logger)), prices)
        archive.open(
            CallFile(
                call: CallRecord(
                    id: call.callID, carrier: carrier, carrierCallID: start.callID, direction: .outbound,
                    from: person.callerID, to: person.number, agent: agent.definition.name,
                    agentVersion: agent.definition.version, startedAt: environment.now(), node: node,
                    language: agent.definition.spokenLanguage.rawValue),
                actingTools: [], settings: settings, webhooks: WebhookRoster(), counters: AgentCounters(),
                cost: { prices.cost(of: meter.usage, carrier: carrier, length: $0) }, isLeg: true,
                clock: environment.now))
        let (archive, watcher, id) = (archive, watcher, call.callID)
        var made = CallPlan(
            facts: facts, carrierCallID: start.callID, settings: settings,
            dialogue: BriefingDialogue(
                brief: person.brief, acceptKey: plan.acceptKey, language: agent.definition.language,
                spoken: agent.definition.spokenLanguage),
            voiceDetection: agent.engines.voiceDetection(on: loop), recognizer: engines.recognizer(on: loop),
            vocabulary: agent.vocabulary,
            synthesizer: agent.definition.voiced(by: engines.synthesizer(on: loop)), voice: agent.voice
        ) { event in
            mark.see(event)
            archive.record(event, callID: id)
            people.see(event, of: id)
            watcher?(id, event)
        }
        made.accepted = { people.accepted($0) }
        return .success(made)
    }
}
