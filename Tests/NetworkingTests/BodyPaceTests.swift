import Networking
import Testing

@Suite("How slowly a body may come")
struct BodyPaceTests {
    private let began = ContinuousClock.now

    @Test("byte by byte it has half a minute, however many bytes are still to come")
    func drip() {
        var pace = BodyPace(began: began)
        for second in 1...30 { #expect(pace.received(1, at: began + .seconds(second)) == true) }
        #expect(pace.received(1, at: began + .seconds(31)) == false)
    }

    @Test("a list of a hundred megabytes has as long as it takes at an ordinary pace")
    func upload() {
        var pace = BodyPace(began: began)
        let piece = 64 * 1024
        // 32 KiB a second: nearly an hour.
        var now = began
        for _ in 0..<1600 {
            now += .seconds(2)
            #expect(pace.received(piece, at: now) == true)
        }
        // What it was quick before counts, but not for ever.
        #expect(pace.deadline == began + .seconds(30) + .seconds(1600 * piece / BodyPace.bytesPerSecond))
        #expect(pace.received(1, at: pace.deadline + .milliseconds(1)) == false)
    }

    @Test("a patience of its own")
    func patience() {
        var pace = BodyPace(began: began, patience: .seconds(1))
        #expect(pace.received(BodyPace.bytesPerSecond, at: began + .seconds(1)) == true)
        #expect(pace.received(1, at: began + .seconds(2)) == true)
        #expect(pace.received(1, at: began + .milliseconds(2001)) == false)
    }
}
