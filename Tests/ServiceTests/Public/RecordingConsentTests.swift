import AudioCore
import CallSession
import Callers
import Foundation
import Networking
import Speech
import Store
import Telephony
import Testing

@testable import Service

/// A caller is asked over a real socket, and the disk holds what they allowed and nothing else.
@Suite("Recordings have the caller's consent")
struct RecordingConsentTests {
    private static func agent(_ recording: String) -> String {
        """
        name: desk
        kind: flow
        greeting: "Hello, this is the desk."
        recording: \(recording)
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        escalation: [{hang_up: true, say: "Goodbye then."}]
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        intents:
          wish: ["i have a wish"]
          yes: ["yes", "yes please", "that's right"]
          no: ["no", "no thanks"]
          goodbye: ["goodbye", "bye"]
        states:
          menu: {steps: [{ask: "What can I do for you?"}]}
          wish: {on: wish, steps: [{say: "Noted."}, {goto: menu}]}
          end: {on: goodbye, steps: [{hang_up: "said goodbye"}]}
        """
    }

    /// Holds a call, and gives what is left of it to `check` with what lies in the folder of recordings.
    private func call(
        _ recording: String, _ deeds: [CallerDeed], _ check: @escaping (CallStory, [String]) throws -> Void
    ) async throws {
        let folder = Lock("")
        try await ServiceUnderTest.run(
            configure: { configuration, directory in
                try? Data(Self.agent(recording).utf8).write(to: directory.appending(path: "agents/desk.yaml"))
                configuration.agents.default = "desk"
            }
        ) { test in
            let caller = TypingCaller(deeds, on: test.loop)
            #expect(await caller.hold(try await test.announce("CA1")).contains("1000"))
            try await test.waitUntil { try await test.service.store.calls().calls.first?.endedAt != nil }
            folder.withLock { $0 = test.directory.appending(path: "recordings").path }
            let view = try await test.api("GET", "/api/v1/calls")
            #expect(String(decoding: view.body, as: UTF8.self).contains("\"recordingConsent\""))
        } afterwards: { store, _ in
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.withLock { $0 })
            try check(try await store.story(ofCarrierCall: "CA1"), files)
        }
    }

    @Test("after a yes the call is recorded, and what came before it is silence of its length")
    func granted() async throws {
        try await call("ask", [.say("yes"), .say("i have a wish"), .say("goodbye")]) { story, files in
            let consent = try #require(story.call.recordingConsent)
            #expect(consent.state == "granted" && consent.mode == "ask" && consent.evidence == "words")
            let recording = try #require(story.recordings.first)
            #expect(files.count == 1 && recording.sha256 != nil)
            #expect(recording.callerSamples == story.call.duration)
            var reader = try WAVReader(path: recording.path)
            var bytes: [UInt8] = []
            _ = try reader.read(reader.frameCount, appendingTo: &bytes)
            #expect(bytes[..<(consent.position * 4)].allSatisfy { $0 == 0 })
            #expect(bytes[(consent.position * 4)...].contains { $0 != 0 })
            #expect(story.turns.contains { $0.speaker == .agent && $0.text.hasPrefix("May I record this call?") })
        }
    }

    @Test("after a no there is no file, and the call goes on")
    func refused() async throws {
        try await call("ask", [.say("no"), .say("i have a wish"), .say("goodbye")]) { story, files in
            #expect(story.call.recordingConsent?.state == "refused")
            #expect(files.isEmpty && story.recordings.isEmpty && story.call.recordingPath == nil)
            #expect(story.turns.contains { $0.text == "Noted. What can I do for you?" }, "\(story.turns.map(\.text))")
        }
    }

    @Test("who withdraws leaves no file")
    func withdrawn() async throws {
        let deeds: [CallerDeed] = [.say("i have a wish"), .say("please don't record this"), .say("goodbye")]
        try await call("announce", deeds) { story, files in
            #expect(story.call.recordingConsent?.state == "withdrawn" && files.isEmpty && story.recordings.isEmpty)
        }
    }

    @Test("recognizers that learn what to expect are told the answers, and the withdrawals everywhere")
    func vocabulary() {
        var vocabulary = SpeechVocabulary(contexts: [SpeechVocabulary.Context(name: "menu", sentences: ["book me in"])])
        vocabulary.hearConsent()
        #expect(vocabulary.contexts.map(\.name) == ["menu", ConsentLanguage.context])
        #expect(vocabulary.contexts.allSatisfy { $0.sentences.contains("stop recording") })
        #expect(vocabulary.contexts.first?.sentences.contains("yes please") == false)
        var none = SpeechVocabulary(contexts: [])
        none.hearConsent()
        #expect(none.contexts.isEmpty)
    }
}
