import Testing

@testable import Agent

@Suite("An act that was kept with its arguments masked")
struct MaskedActTests {
    private static func call(_ arguments: JSONValue, name: String = "book") -> ModelToolCall {
        ModelToolCall(id: "a", name: name, arguments: arguments, rawArguments: arguments.text)
    }

    @Test("is known by what was not masked, and by the shape of what was")
    func meets() throws {
        let kept = MaskedAct(
            Self.call(["phone": "+49 ••• •••", "card": "••••", "note": ["call • today", 3], "day": "2026-12-01"]),
            key: "k")
        let act = try #require(kept)
        #expect(act.key == "k")
        let same: JSONValue = [
            "phone": "+49 301 234", "card": 4711, "note": ["call Maria Jones today", 3], "day": "2026-12-01",
        ]
        let (own, other) = (act.isMet(by: Self.call(same)), act.isMet(by: Self.call(same, name: "cancel")))
        #expect(own && !other)
        let strangers: [JSONValue] = [
            ["phone": "+44 301 234", "card": 4711, "note": ["call Maria Jones today", 3], "day": "2026-12-01"],
            ["phone": "+49 301 234", "card": 4711, "note": ["call Maria Jones today", 4], "day": "2026-12-01"],
            ["phone": "+49 301 234", "card": 4711, "note": ["call Maria Jones tomorrow", 3], "day": "2026-12-01"],
            ["phone": "+49 301 234", "card": 4711, "note": ["call Maria Jones today", 3], "day": "2026-12-02"],
            ["phone": "+49 301 234", "card": 12, "note": ["call Maria Jones today", 3], "day": "2026-12-01"],
            ["phone": "+49 301 234", "card": 4711, "note": ["call Maria Jones today", 3]],
            ["phone": "+49 301 234", "card": 4711, "note": ["call today", 3], "day": "2026-12-01"],
        ]
        for stranger in strangers {
            let isMet = act.isMet(by: Self.call(stranger))
            #expect(!isMet, "\(stranger.text)")
        }
        let again = act.isMet(
            by: Self.call(
                ["phone": "+49 ••• •••", "card": "••••", "note": ["call • today", 3], "day": "2026-12-01"]))
        #expect(again)
    }

    @Test("one that has no dot is known by its arguments, and is none of these")
    func open() {
        let open = MaskedAct(Self.call(["phone": "+49 301 234"]), key: "k")
        let isOpenMasked = open != nil
        #expect(!isOpenMasked)
        let nothing = MaskedAct(ModelToolCall(id: "a", name: "book", arguments: nil, rawArguments: "•"), key: "k")
        let isNothingMasked = nothing != nil
        #expect(!isNothingMasked)
    }
}
