import Codecs
import Testing

@testable import CallSession

@Suite("The agent's words over two who are joined")
struct VoiceOverTests {
    private static let silence = [UInt8](repeating: MuLaw.silence, count: 160)

    @Test("both hear all of it, each at the pace of the other's audio, and it is over when both have")
    func paces() {
        var over = VoiceOver(generation: 7)
        let words = (0..<400).map { UInt8($0 % 100) }
        #expect(over.add(words) == 400 && !over.hasBegun && !over.isOver)
        var (caller, person): ([UInt8], [UInt8]) = ([], [])
        for beat in 0..<3 {
            var piece = Self.silence
            over.mixForCaller(into: &piece)
            caller += piece
            #expect(over.hasBegun && !over.isOver)
            // The person's side is served in other pieces.
            guard beat > 0 else { continue }
            piece = Self.silence + Self.silence.prefix(40)
            over.mixForPerson(into: &piece)
            person += piece
            #expect(over.isOver == (beat == 2))
        }
        // Beside silence not one bit is changed, and after its end all is as it was.
        #expect(caller == words + [UInt8](repeating: MuLaw.silence, count: 80))
        #expect(person == words)
        #expect(over.heardByCaller == 400 && over.heardByPerson == 400)
    }

    @Test("whoever talks meanwhile is heard as well; what is too loud together is clipped and does not wrap")
    func mixes() {
        var over = VoiceOver(generation: 1)
        let (low, loud) = (MuLaw.encode(1000), MuLaw.encode(30_000))
        #expect(over.add([low, loud, MuLaw.encode(-2000), low]) == 4)
        var piece = [MuLaw.encode(500), loud, MuLaw.encode(2000), 0x7F]
        over.mixForCaller(into: &piece)
        let heard = piece.map { Int(MuLaw.decode($0)) }
        #expect(abs(heard[0] - 1500) < 60 && heard[1] > 31_000 && abs(heard[2]) < 10)
        #expect(piece[3] == low)
    }

    @Test("no more than half a minute is kept, and what is not kept is not counted")
    func bound() {
        var over = VoiceOver(generation: 1)
        let minute = [UInt8](repeating: 0x20, count: 480_000)
        #expect(over.add(minute) == VoiceOver.most)
        #expect(over.add(minute) == 0)
    }
}
