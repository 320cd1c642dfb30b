import Foundation
import Testing

@testable import Service

@Suite("Masking personal data")
struct PersonalDataMaskTests {
    static let all = PersonalDataMask(Set(PersonalData.allCases))

    private static let cards: [(String, String)] = [
        ("4111111111111111", "••••••••••••••••"),
        ("my card is 4111 1111 1111 1111, yes", "my card is •••• •••• •••• ••••, yes"),
        ("4111-1111-1111-1111.", "••••-••••-••••-••••."),
        ("amex 3782 822463 10005", "amex •••• •••••• •••••"),
        ("diners 30569309025904", "diners ••••••••••••••"),
        ("2223003122003222 and 6011111111111117", "•••••••••••••••• and ••••••••••••••••"),
        ("4111 1111 1111 1111 12 28", "•••• •••• •••• •••• 12 28"),
        ("４１１１１１１１１１１１１１１１", "••••••••••••••••"),
        (
            "four one one one one one one one one one one one one one one one thanks",
            "• • • • • • • • • • • • • • • • thanks"
        ),
        (
            "it is Four one double one, um, one one one one and one one one one then one one one one",
            "it is • • ••, um, • • • • and • • • • then • • • •"
        ),
        ("forty one eleven eleven eleven eleven eleven eleven eleven", "•• •• •• •• •• •• •• ••"),
        ("five five oh oh oh oh five five five five five five five five five nine", "• • • • • • • • • • • • • • • •"),
        ("four one one one, 1111, one one one one, 1111", "• • • •, ••••, • • • •, ••••"),
        (#"["4111", "1111", "1111", "1111"]"#, #"["••••", "••••", "••••", "••••"]"#),
    ]

    @Test("cards are found as they are written and as they are said, and nothing around them", arguments: cards)
    func findsCards(text: String, expected: String) {
        #expect(PersonalDataMask().mask(text) == expected)
        #expect(Self.all.mask(text) == expected)
    }

    @Test(
        "numbers of other things are no cards",
        arguments: [
            "4111111111111112", "order 4021 5583 1190 2248", "1234567812345678", "+49 30 1234567", "555 0100",
            "five five five oh one two three", "call me at two one two five five five oh one double nine",
            "on 2026-12-01 at 10:30", "12/28", "1,200.50 dollars", "€ 1.299,00", "192.168.100.200",
            "the 4 of us came 11 times in 1111 days", "DE89 3704 0044 0532 0130 00", "call c4amap928mcc12hs5",
            "one of the two", "", "•••• ••••", "0000000000000000", "411111111111", "twenty twenty six",
        ])
    func leavesOthers(text: String) { #expect(PersonalDataMask().mask(text) == text) }

    private static let others: [(PersonalData, String, String)] = [
        (.emails, "write to jo.smith+x@mail.example.com, please", "write to •@•, please"),
        (.emails, "jo at example dot com", "• at • • •"),
        (.emails, "it is j o dot smith at my company dot co dot uk thanks", "it is • • • • at • • • • • • thanks"),
        (.emails, "at nine we meet at the dot", "at nine we meet at the dot"),
        (.emails, "a@b", "a@b"), (.emails, "@home and me@", "@home and me@"),
        (.phones, "+49 30 1234567", "+•• •• •••••••"), (.phones, "(212) 555-0123", "(•••) •••-••••"),
        (.phones, "two one two five five five oh one double nine", "• • • • • • • • ••"),
        (.phones, "on 2026-12-01 or 1.12.2026", "on 2026-12-01 or 1.12.2026"),
        (.phones, "it costs $ 1200000.50", "it costs $ 1200000.50"),
        (.phones, "1200 500 dollars", "1200 500 dollars"), (.phones, "my order is 48213377", "my order is 48213377"),
        (.phones, "room 12", "room 12"), (.phones, "4111111111111111", "4111111111111111"),
        (.nationalIDs, "123-45-6789", "•••-••-••••"),
        (.nationalIDs, "my social is 123456789", "my social is •••••••••"),
        (.nationalIDs, "order 123456789", "order 123456789"), (.nationalIDs, "666-45-6789", "666-45-6789"),
        (.nationalIDs, "AB 12 34 56 C it is", "• • • • • it is"),
        (.nationalIDs, "12345678Z or 12345678A", "• or 12345678A"),
        (.nationalIDs, "X1234567L", "•"), (.nationalIDs, "86095742719", "•••••••••••"),
        (.nationalIDs, "86095742718", "86095742718"),
    ]

    @Test("the other kinds are masked where they are wanted, and only there", arguments: others)
    func othersOnRequest(kind: PersonalData, text: String, expected: String) {
        #expect(PersonalDataMask([kind]).mask(text) == expected)
        #expect(PersonalDataMask([]).mask(text) == text)
    }

    @Test("JSON stays JSON, also where a number is masked")
    func json() throws {
        let mask = PersonalDataMask()
        let masked = mask.maskJSON(#"{"card":4111111111111111,"said":"4111 1111 1111 1111","n":[12,null,true]}"#)
        let object = try #require(JSONSerialization.jsonObject(with: Data(masked.utf8)) as? [String: Any])
        #expect(object["card"] as? String == "••••••••••••••••" && object["said"] as? String == "•••• •••• •••• ••••")
        #expect((object["n"] as? [Any])?.count == 3)
        // What is written as a letter before it is a line's end.
        #expect(mask.maskJSON(#"{"t":"Card:\n4111111111111111"}"#) == #"{"t":"Card:\n••••••••••••••••"}"#)
        #expect(mask.maskJSON("{no json 4111111111111111") == "{no json ••••••••••••••••")
        #expect(mask.maskJSON(#"{"b":1,  "a":2}"#) == #"{"b":1,  "a":2}"#)
    }

    @Test("a text that tells nothing may be kept on disk; one with more than the beginning of a card may not")
    func leaves() {
        let mask = PersonalDataMask()
        #expect(mask.leaves("Your appointment is on Tuesday at half past ten. Room 204, till 10:30."))
        #expect(mask.leaves("It begins with 4111 11."))
        #expect(!mask.leaves("I have 4111 1111."))
        #expect(!mask.leaves("I have four one one one, one one one one."))
        #expect(PersonalDataMask([]).leaves("I have 4111 1111 1111 1111."))
    }

    @Test("a pattern that needs more memory than there is for it masks everything")
    func overflow() throws {
        let pattern = try #require(
            MaskPattern(name: "policy", #"policy((\s)|(\w)|(,))*LK-\d{6}"#, patience: .seconds(60)))
        let text = "policy " + String(repeating: "word, ", count: 20_000) + "LK-123456"
        let masked = PersonalDataMask([], patterns: [pattern]).mask(text)
        #expect(!masked.contains("LK-123456"))
    }

    @Test("a pattern of one's own masks a word by a dot; one that cannot be is refused")
    func patterns() throws {
        let pattern = try #require(MaskPattern(name: "policy", #"LK-\d{6}"#))
        #expect(PersonalDataMask([], patterns: [pattern]).mask("policy LK-123456 and LK-12") == "policy • and LK-12")
        #expect(MaskPattern(name: "x", "(a") == nil)
        #expect(MaskPattern(name: "x", "a*") == nil)
        #expect(MaskPattern(name: "x", String(repeating: "a", count: 501)) == nil)
    }

    @Test("a pattern that would take for ever is stopped, and masks everything")
    func catastrophe() throws {
        let pattern = try #require(MaskPattern(name: "bad", "(a+)+$", patience: .milliseconds(20)))
        let text = String(repeating: "a", count: 60) + "b c"
        #expect(PersonalDataMask([], patterns: [pattern]).mask(text) == "• •")
        #expect(PersonalDataMask([], patterns: [pattern]).mask("b") == "b")
    }

    @Test("a card in any writing between any words is gone, and what is masked once is masked")
    func chance() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let digits = Self.card(&random)
            let (text, spoken) = Self.written(digits, &random)
            let whole = "so my number is \(text) if you please"
            let masked = Self.all.mask(whole)
            #expect(!masked.contains { $0.isNumber }, "\(whole) became \(masked)")
            #expect(
                spoken.isSubset(of: ["and"]) || masked.split(separator: " ").allSatisfy { !spoken.contains(String($0)) }
            )
            #expect(masked.hasPrefix("so my number is ") && masked.hasSuffix(" if you please"))
            #expect(Self.all.mask(masked) == masked)
        }
    }

    @Test("nothing that can be typed stops it, and what has no digits and no @ is left alone")
    func anything() {
        var random = SystemRandomNumberGenerator()
        let alphabet: [Character] =
            Array("a1 4@.-\"'\\{}[]:,\u{301}é💥\u{0}\n•٤") + ["one ", "double ", " at ", " dot com"].flatMap(Array.init)
        for _ in 0..<1000 {
            let text = String((0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement()! })
            let masked = Self.all.mask(text)
            #expect(Self.all.mask(masked) == masked, "\(text.debugDescription)")
        }
        let long = String(repeating: "4111 ", count: 20_000)
        #expect(!Self.all.mask(long).contains("4111 1111"))
    }

    // MARK: Cards made by chance

    static func card(_ random: inout some RandomNumberGenerator) -> String {
        while true {
            let digits = "4" + (0..<15).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
            if CardNumber.isWhole(digits) { return digits }
        }
    }

    /// Some way to write or say it, and the words of digits that are in it.
    private static func written(
        _ digits: String, _ random: inout some RandomNumberGenerator
    ) -> (text: String, words: Set<String>) {
        let names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        var (parts, words, rest): ([String], Set<String>, Substring) = ([], [], digits[...])
        while let first = rest.first {
            let length = min(Int.random(in: 1...4, using: &random), rest.count)
            if Bool.random(using: &random) {
                parts.append(String(rest.prefix(length)))
                rest = rest.dropFirst(length)
            } else {
                let name = first == "0" && Bool.random(using: &random) ? "oh" : names[first.wholeNumberValue ?? 0]
                words.insert(name)
                parts.append(name)
                rest = rest.dropFirst()
            }
            if Int.random(in: 0..<6, using: &random) == 0, !rest.isEmpty { parts.append("um") }
        }
        return (parts.joined(separator: [" ", "-", ", "].randomElement(using: &random) ?? " "), words)
    }
}
