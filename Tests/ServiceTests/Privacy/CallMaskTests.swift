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

    @Test("a turn whose words are not known yet ends no card's number")
    func withoutWords() {
        var mask = CallMask(PersonalDataMask())
        for (number, text) in ["it is four one one one", "um", "one one one one", "one one one one"].enumerated() {
            _ = mask.masked([caller(number, "")], isLast: false)
            let shown = texts(mask.masked([caller(number, text)], isLast: false))
            #expect(shown == [number < 2 ? text : "• • • •"])
        }
        for number in 4..<8 { _ = mask.masked([caller(number, "")], isLast: false) }
        #expect(texts(mask.masked([caller(8, "one one one one")], isLast: false)) == ["• • • •"])
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
        // Who says yes may go on with it.
        #expect(texts(mask.masked([caller(3, "yes please")], isLast: false)) == ["yes please"])
        let writes = mask.masked([caller(4, "and i would like thursday")], isLast: false)
        #expect(texts(writes) == ["five five five zero", "44125550?", "and i would like thursday"])
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

    @Test(
        "whatever people say between the parts of a card, six digits of it are kept at most",
        arguments: [
            ["four one one one one one one one", "let me see", "one one one one one one one one"],
            ["4111", "1111", "yes", "1111", "1111"],
            ["it is four one one one one one one one hang on", "one one one one one one one one"],
            ["4111 1111 let me see 1111 1111"],
            ["4111 1111", "yes", "yes that's right", "um", "the rest is 1111 1111"],
            ["nine oh two one oh", "4111", "1111", "1111", "1111"],
            ["12345678", "41111111", "11111111"],
        ])
    func between(turns: [String]) {
        var mask = CallMask(PersonalDataMask())
        var kept: [Int: String] = [:]
        func keep(_ writes: [StoreWrite]) {
            for case .turn(let turn) in writes { kept[turn.number] = turn.text }
        }
        for (number, turn) in turns.enumerated() { keep(mask.masked([caller(number + 1, turn)], isLast: false)) }
        keep(mask.masked([], isLast: true))
        // Digits of the card alone: those before it are nobody's secret.
        let shown = turns.indices.compactMap { kept[$0 + 1] }.filter { $0 != "nine oh two one oh" && $0 != "12345678" }
        let digits = shown.flatMap { DigitRun.all(in: $0) }.map(\.digits).joined()
        #expect(digits.count <= 6, "\(kept)")
    }

    @Test("a telephone number and a time that follow one another in a booking are kept")
    func booking() {
        var mask = CallMask(PersonalDataMask())
        var kept: [Int: String] = [:]
        for (number, text) in ["4155550199", "yes", "next tuesday please", "at ten thirty", "no thank you goodbye"]
            .enumerated()
        {
            for case .turn(let turn) in mask.masked([caller(number, text)], isLast: false) {
                kept[turn.number] = turn.text
            }
        }
        for case .turn(let turn) in mask.masked([], isLast: true) { kept[turn.number] = turn.text }
        #expect(kept[0] == "4155550199")
        #expect(kept[3] == "at ten thirty")
    }

    @Test("keys are decided upon as they are shown, one by one or as a number; what repeats them is masked")
    func keyDecisions() {
        var mask = CallMask(PersonalDataMask())
        var shown = ""
        for (index, key) in "4111111111111111".enumerated() {
            _ = kept(&mask, .keyPressed(String(key)), at: index * 4000)
            shown += mask.masked(decision: "start reply 1 to keys \(key)").filter { $0 == "•" || "4".contains($0) }
        }
        #expect(shown.filter { $0 == "•" }.count == 10)
        #expect(
            mask.masked(decision: "start reply 2 to keys 4111111111111111")
                == "start reply 2 to keys 411111••••••••••")
        #expect(
            texts(mask.masked([agent(1, "I have 4111 1111 1111 1111.")], isLast: false)) == [
                "I have •••• •••• •••• ••••."
            ])
        #expect(
            texts(mask.masked([agent(2, "It begins with 41111111.")], isLast: false)) == ["It begins with ••••••••."])
    }

    @Test("what a model states and nothing supports is masked like what it says")
    func flagged() {
        var mask = CallMask(PersonalDataMask())
        for (number, part) in ["4539", "1488", "0343", "6467"].enumerated() {
            _ = mask.masked([caller(number + 1, part)], isLast: false)
        }
        #expect(
            kept(&mask, .replyFlagged(generation: 1, statement: "4539 1488 0343 6467", isHeld: false))
                == .replyFlagged(generation: 1, statement: "•••• •••• •••• ••••", isHeld: false))
    }

    @Test("with nothing to be masked, everything is as it was")
    func off() {
        var mask = CallMask(PersonalDataMask([]))
        let event = ConversationEvent.interim(UtteranceID(1), text: "4111111111111111")
        #expect(kept(&mask, event) == event)
        #expect(texts(mask.masked([caller(1, "4111111111111111")], isLast: true)) == ["4111111111111111"])
    }
}
