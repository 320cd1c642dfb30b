import Foundation
import Speech
import Store
import Testing

@testable import CallSession
@testable import Service

@Suite("Masking what comes in pieces")
struct CallMaskTests {
    private func caller(_ number: Int, _ text: String, entities: [String: String] = [:]) -> StoreWrite {
        .turn(TurnRecord(callID: "c", number: number, speaker: .caller, started: 0, text: text, entities: entities))
    }

    private func agent(_ number: Int, _ text: String) -> StoreWrite {
        .turn(TurnRecord(callID: "c", number: number, speaker: .agent, started: 0, text: text, heard: text))
    }

    private func texts(_ writes: [StoreWrite]) -> [String] {
        writes.compactMap { if case .turn(let turn) = $0 { turn.text } else { nil } }
    }

    private func kept(_ mask: inout CallMask, _ event: ConversationEvent, at position: Int = 0) -> ConversationEvent {
        guard case .journal(_, _, let kept) = mask.masked(.journal(sequence: 1, position: position, event)) else {
            return event
        }
        return kept
    }

    @Test("a hypothesis shows six digits of what may become a card, and none when it is one")
    func hypotheses() {
        var mask = CallMask(PersonalDataMask())
        let words = "my card is four one one one one one one one one one one one one one one one"
            .split(separator: " ").map(String.init)
        for count in 1...words.count {
            let text = words.prefix(count).joined(separator: " ")
            guard case .interim(_, let shown) = kept(&mask, .interim(UtteranceID(1), text: text)) else { return }
            let digits = shown.split(separator: " ").dropFirst(3).filter { $0 != "•" }
            #expect(digits.count == (count - 3 <= 6 ? max(count - 3, 0) : 0), "\(shown)")
        }
    }

    @Test("a card over several turns stays masked from its seventh digit on, in whatever repeats it")
    func overTurns() {
        var mask = CallMask(PersonalDataMask())
        #expect(texts(mask.masked([caller(1, "it is four one one one")], isLast: false)) == ["it is four one one one"])
        #expect(texts(mask.masked([agent(1, "Go on.")], isLast: false)) == ["Go on."])
        #expect(texts(mask.masked([caller(2, "one one one one")], isLast: false)) == ["• • • •"])
        #expect(texts(mask.masked([agent(2, "I have 4111 1111.")], isLast: false)) == ["I have •••• ••••."])
        let tool = ToolRecord(
            callID: "c", turn: 2, invocationID: "t", name: "note", arguments: #"{"digits":"41111111"}"#, started: 0)
        guard case .tool(let noted) = mask.masked([.tool(tool)], isLast: false).last else { return }
        #expect(noted.arguments == #"{"digits":"••••••••"}"#)
        #expect(texts(mask.masked([caller(3, "um one one one one")], isLast: false)) == ["um • • • •"])
        #expect(texts(mask.masked([caller(4, "one one one one that is it")], isLast: false)) == ["• • • • that is it"])
        #expect(texts(mask.masked([agent(4, "So it ends in 1111?")], isLast: false)) == ["So it ends in ••••?"])
        #expect(mask.masked([], isLast: true).isEmpty)
    }

    @Test("digits that turn out to be no card's are told after all: turns, entities and tools, and only once")
    func released() {
        var mask = CallMask(PersonalDataMask())
        _ = mask.masked([caller(1, "four four one two")], isLast: false)
        #expect(
            texts(mask.masked([caller(2, "five five five zero", entities: ["n": "5550"])], isLast: false)) == [
                "• • • •"
            ])
        // The same turn again, as it is told when it was understood.
        #expect(texts(mask.masked([caller(2, "five five five zero")], isLast: false)) == ["• • • •"])
        _ = mask.masked([agent(2, "44125550?")], isLast: false)
        let writes = mask.masked([caller(3, "yes please")], isLast: false)
        #expect(texts(writes) == ["five five five zero", "44125550?", "yes please"])
        #expect(mask.masked([], isLast: true).isEmpty)
    }

    @Test("digits with which a call ends are told when it is over")
    func end() {
        var mask = CallMask(PersonalDataMask())
        #expect(
            texts(mask.masked([caller(1, "five five five one two three four")], isLast: false)) == ["• • • • • • •"])
        #expect(texts(mask.masked([], isLast: true)) == ["five five five one two three four"])
    }

    @Test("of many keys six are kept, and of the next number's six again")
    func keys() {
        var mask = CallMask(PersonalDataMask())
        var shown = ""
        for (index, key) in "4111111111111111#".enumerated() {
            if case .keyPressed(let keys) = kept(&mask, .keyPressed(String(key)), at: index * 4000) { shown += keys }
        }
        #expect(shown == "411111••••••••••#")
        #expect(kept(&mask, .keyPressed("2"), at: 1_000_000) == .keyPressed("2"))
    }

    @Test("decisions are masked as the inputs are that they repeat")
    func decisions() {
        let mask = CallMask(PersonalDataMask())
        let card = "4111 1111 1111 1111"
        let lines = [
            "start reply 3 to turn 1 0.97 \"\(card)\"", "note tool started 1 id pay {\"card\":\"\(card)\"}",
            "agent turn 1 0-9 \"say \(card)\" of \"say \(card) now\"", "pause playout",
        ]
        #expect(
            lines.map { mask.masked(decision: $0) } == [
                "start reply 3 to turn 1 0.97 \"•••• •••• •••• ••••\"",
                "note tool started 1 id pay {\"card\":\"•••• •••• •••• ••••\"}",
                "agent turn 1 0-9 \"say •••• •••• •••• ••••\" of \"say •••• •••• •••• •••• now\"", "pause playout",
            ])
    }

    @Test("however a card is cut into turns, what is kept has six digits of it at most in a row")
    func chance() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let digits = PersonalDataMaskTests.card(&random)
            var (mask, rest, number, shown) = (CallMask(PersonalDataMask()), digits[...], 1, "")
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...6, using: &random))
                rest = rest.dropFirst(part.count)
                for text in texts(
                    mask.masked([caller(number, part.map(String.init).joined(separator: " "))], isLast: false))
                {
                    shown += text.filter(\.isNumber)
                }
                number += 1
            }
            shown += texts(mask.masked([], isLast: true)).joined()
            #expect(shown.count <= 6, "\(digits): \(shown)")
        }
    }

    @Test("with nothing to be masked, everything is as it was")
    func off() {
        var mask = CallMask(PersonalDataMask([]))
        let event = ConversationEvent.interim(UtteranceID(1), text: "4111111111111111")
        #expect(kept(&mask, event) == event)
        #expect(texts(mask.masked([caller(1, "4111111111111111")], isLast: true)) == ["4111111111111111"])
    }
}
