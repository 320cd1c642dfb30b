import CallSession
import Foundation
import Speech
import Store
import Testing

@testable import Service

@Suite("Replaying a journal")
struct CallReplayTests {
    @Test("the same code decides the same")
    func exact() throws {
        let report = try CallReplay(call: "c", journal: Self.journal()).run()
        #expect(report.isExact)
        #expect(report.events == 7)
    }

    @Test("the first decision that is another is told, with what was and what is")
    func divergence() throws {
        var journal = try Self.journal()
        journal[3].decisions = #"["hang up: bored"]"#
        let report = try CallReplay(call: "c", journal: journal).run()
        let divergence = try #require(report.divergence)
        #expect(divergence.sequence == 3)
        #expect(divergence.event == "voiceStarted")
        #expect(divergence.expected == ["hang up: bored"])
        #expect(divergence.actual == ["start recognition u1 "])
    }

    @Test("a journal that cannot be run says why")
    func faults() throws {
        let journal = try Self.journal()
        func reason(_ journal: [JournalRecord]) -> String? {
            do throws(CallReplay.Fault) {
                _ = try CallReplay(call: "c", journal: journal)
                return nil
            } catch { return error.reason }
        }
        #expect(reason([])?.contains("no journal") == true)
        #expect(reason(Array(journal.dropFirst()))?.contains("older version") == true)
        #expect(reason(journal.filter { $0.sequence != 2 })?.contains("lacks entry 2") == true)
        var strange = journal
        strange[2].payload = Data(#"{"dreamt":{}}"#.utf8)
        #expect(reason(strange)?.contains("entry 2") == true)
    }

    @Test("inputs of before decisions were kept are run but not compared")
    func withoutDecisions() throws {
        var journal = try Self.journal()
        for index in journal.indices { journal[index].decisions = nil }
        let report = try CallReplay(call: "c", journal: journal).run()
        #expect(report.compared == 0 && report.divergence == nil && !report.isExact)
    }

    @Test("other settings: the end of a turn comes sooner or later")
    func trial() throws {
        // The caller speaks and pauses; the recorded wait without words was 700 ms.
        let replay = try CallReplay(call: "c", journal: Self.journal())
        var eager = replay.settings
        eager.turns.wordlessWait = .milliseconds(400)
        let findings = SettingsTrial(replay, with: eager).findings()
        #expect(findings.map(\.text) == ["utterance 1 would have ended 300 ms sooner"])
        #expect(SettingsTrial(replay, with: replay.settings).findings().isEmpty)
    }

    @Test("the timeline of a journal: who was heard when")
    func timeline() throws {
        let timeline = try CallReplay(call: "c", journal: Self.journal()).timeline
        #expect(timeline.length == 40_000)
    }

    /// Settings, then inputs with what the reducer decides.
    private static func journal() throws -> [JournalRecord] {
        let settings = ConversationSettings()
        let encoder = JSONEncoder()
        var records = [
            JournalRecord(
                callID: "c", sequence: 0, position: 0, kind: "settings", payload: try encoder.encode(settings))
        ]
        var conversation = Conversation(settings: settings)
        let events: [(Int, ConversationEvent)] = [
            (0, .mediaStarted), (4000, .replyFinished(generation: 1)), (8000, .voiceStarted(onset: 7840)),
            (16_000, .voiceStopped(lastVoiced: 14_400)), (20_000, .timer(.endOfTurn)),
            (24_000, .nothingHeard(UtteranceID(1))),
            (40_000, .hungUp(reason: "caller hung up")),
        ]
        for (position, event) in events {
            let actions = conversation.handle(event, at: position)
            records.append(
                JournalRecord(
                    callID: "c", sequence: records.count, position: position, kind: event.name,
                    payload: try encoder.encode(event),
                    decisions: String(decoding: try encoder.encode(actions.map(\.text)), as: UTF8.self)))
        }
        return records
    }
}
