import Agent
import Foundation
import Networking
import Testing

@testable import Service
@testable import Speech

@Suite("What an agent's file and the configuration say of speech to speech")
struct ConversingAgentTests {
    private static let flow = """
        name: desk
        kind: flow
        greeting: "Hello."
        thresholds: {reask_below: 0.4, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        tools: {}
        escalation: [{hang_up: true, say: "Sorry."}]
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        intents:
          heating: ["set the heating", "the heating please", "i want the heating"]
          inform: ["here it is", "that one"]
          yes: ["yes", "yes please"]
          no: ["no", "no thanks"]
          goodbye: ["goodbye", "bye"]
        states:
          menu:
            steps: [{ask: "What else?"}]
          heating:
            on: heating
            steps: [{transfer: "agent:heating", reason: "the heating"}]
          end:
            on: goodbye
            steps: [{hang_up: "said goodbye"}]
        """

    @Test("a flow cannot hand its callers over to a model that hears and speaks")
    func flowHandover() throws {
        let flow = try AgentDefinition(yaml: Data(Self.flow.utf8), file: "desk.yaml") { _ in Data() }
        let live = try AgentDefinition(yaml: Data(SpeechToSpeechTests.agent.utf8), file: "heating.yaml") { _ in Data() }
        var configuration = ParleyConfiguration()
        configuration.providers["live"] = .init(kind: .openAISpeechToSpeech)
        #expect(configuration.objection(to: flow, among: ["heating": live])?.contains("agent:heating") == true)
        configuration.providers["live"] = .init(kind: .openai)
        #expect(configuration.objection(to: flow, among: ["heating": live]) == nil)
    }

    @Test("the agent's model goes before the provider's, and the provider's effort is told")
    func model() throws {
        var configuration = ParleyConfiguration()
        var provider = ParleyConfiguration.Provider(kind: .openAISpeechToSpeech)
        (provider.model, provider.effort) = ("theirs", "low")
        configuration.providers["live"] = provider
        let text = SpeechToSpeechTests.agent.replacing("provider: live", with: "provider: live\n  name: ours")
        let agent = try AgentDefinition(yaml: Data(text.utf8), file: "heating.yaml") { _ in Data() }
        let chosen = try #require(agent.conversing(in: configuration))
        #expect(chosen == ("live", "ours"))
        let vendors = Vendors(configuration, logger: LogCollector().logger)
        let loop = EventLoop(name: "leg", logger: LogCollector().logger)
        var own = try vendors.conversation(chosen.provider, model: chosen.model)(loop, vendors.logger).call.dialect
        #expect(own.request.url.hasSuffix("realtime?model=ours"))
        let theirs = try vendors.conversation("live")(loop, vendors.logger).call.dialect
        #expect(theirs.request.url.hasSuffix("realtime?model=theirs"))
        let session = own.setUp(instructions: nil, tools: [], told: []).messages.joined()
        #expect(session.contains(#""reasoning":{"effort":"low"}"#))
    }
}
