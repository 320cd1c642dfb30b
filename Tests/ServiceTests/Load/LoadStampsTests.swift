import Networking
import Testing

@testable import Emulators
@testable import Service

@Suite("What vendors' emulators stamp")
struct LoadStampsTests {
    @Test(
        "a time is a word and back, and nothing else is a time", arguments: [0, 1, 0x0123_4567_89AB_CDEF, UInt64.max])
    func word(time: UInt64) {
        let word = LoadStamps.word(time)
        #expect(word.count == 16 && LoadStamps.stamp(Array(word.utf8)) == time)
        #expect(LoadStamps.stamp(Array("hello".utf8)) == nil)
        #expect(LoadStamps.stamp(Array("nothinglikeatime".utf8)) == nil)
    }

    @Test("a final is counted once, though a conversation repeats it; audio by its first message")
    func counting() {
        let stamps = LoadStamps()
        var fleet = EmulatorFleet.Configuration()
        stamps.put(into: &fleet)
        let word = fleet.deepgram.lastWord?() ?? ""
        for text in ["a table \(word)", "a table \(word)", "a table"] {
            _ = fleet.openAI.script(.init(model: "", userText: text, turn: 1, toolResults: [], tools: []))
        }
        let audio = (fleet.elevenLabs.beginning?() ?? []) + [UInt8](repeating: 0x30, count: 142)
        stamps.heard(audio.span)
        stamps.heard([UInt8](repeating: 0x30, count: 160).span)
        let (finals, heard) = stamps.spreads
        #expect(finals?.count == 1 && heard?.count == 1)
        #expect((0...1000).contains(finals?.worst ?? -1) && (0...1000).contains(heard?.worst ?? -1))
    }
}
