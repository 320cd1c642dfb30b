import Testing

@testable import Speech

@Suite("How much of a session's audio was played")
struct PlayedEstimateTests {
    @Test("no more than came, no more than there was time for, and pauses do not count")
    func estimate() {
        var played = PlayedEstimate()
        played.add(.seconds(2), now: .seconds(1))
        played.add(.seconds(1), now: .seconds(2))
        var early = played
        #expect(early.cut(now: .milliseconds(2500)) == .milliseconds(1500))
        #expect(played.cut(now: .seconds(60)) == .seconds(3))
        // After a long silence what comes begins to be played when it comes.
        played.add(.seconds(5), now: .seconds(100))
        #expect(played.cut(now: .seconds(101)) == .seconds(4))
    }
}
