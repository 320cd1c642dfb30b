import Testing

@testable import CallSession

@Suite("Keys that belong together")
struct KeyGroupTests {
    private func pressed(_ keys: String, _ rules: KeyGroup.Rules) -> [String] {
        var group = KeyGroup()
        var groups: [String] = []
        for (index, key) in keys.enumerated() {
            if case .complete(let whole) = group.press(key, at: index * 800, rules) { groups.append(whole) }
        }
        let rest = group.take()
        return rest.isEmpty ? groups : groups + [rest]
    }

    @Test("are gathered until the terminator or their number, and are single ones where nobody gathers")
    func grouping() {
        #expect(pressed("5550100#", .init(pause: 8000, gathers: true)) == ["5550100"])
        #expect(pressed("12345678", .init(length: 4, pause: 8000, gathers: true)) == ["1234", "5678"])
        #expect(pressed("12#345678", .init(length: 4, pause: 8000, gathers: true)) == ["12", "3456", "78"])
        #expect(pressed("1#2*", .init(pause: 8000, gathers: false)) == ["1", "", "2", "*"])
        #expect(pressed("1#2*", .init(terminator: nil, pause: 8000, gathers: true)) == ["1#2*"])
        #expect(pressed("1*2", .init(terminator: "*", pause: 8000, gathers: true)) == ["1", "2"])
        #expect(pressed("#", .init(pause: 8000, gathers: true)) == [""])
    }

    @Test("wait for the pause after the last one, and never for more than 64")
    func pause() {
        var group = KeyGroup()
        let rules = KeyGroup.Rules(pause: 16_000, gathers: true)
        #expect(group.press("1", at: 100, rules) == .waiting(until: 16_100))
        #expect(group.press("2", at: 9000, rules) == .waiting(until: 25_000))
        #expect(group.take() == "12")
        #expect(group.take() == "")
        #expect(pressed(String(repeating: "7", count: 130), rules).map(\.count) == [64, 64, 2])
    }
}
