import AudioCore
import Speech
import Testing

@Suite("Audio on its way to a recognizer")
struct OutgoingAudioTests {
    @Test("whole frames go; the rest waits for more, or for a boundary")
    func frames() {
        let line = Line()
        line.write(0..<1000)
        #expect(line.send(now: .zero) == .idle)
        #expect(line.sent.count == 640)
        #expect(line.isDrained)
        #expect(line.send(boundary: 900, now: .zero) == .boundary)
        #expect(line.sent == Line.bytes(0..<900))
        #expect(line.position == 900)
    }

    @Test("while nobody waits for words larger frames go; what waits goes in ordinary ones as soon as somebody does")
    func rests() {
        let line = Line(restFrame: .milliseconds(240))
        line.isResting = true
        line.write(0..<1900)
        #expect(!line.isWorthDraining(0))
        #expect(line.isWorthDraining(20))
        #expect(line.send(now: .zero) == .idle)
        #expect(line.sent.isEmpty && line.isDrained)
        line.write(1900..<2000)
        #expect(line.send(now: .zero) == .idle)
        #expect(line.sent.count == 1920)
        line.write(2000..<3300)
        line.isResting = false
        #expect(line.send(now: .zero) == .idle)
        #expect(line.sent == Line.bytes(0..<3200))
        #expect(line.send(boundary: 3300, now: .seconds(1)) == .boundary)
        #expect(line.sent == Line.bytes(0..<3300))
    }

    @Test("live audio is never held up")
    func live() {
        let line = Line()
        for tick in 0..<500 {
            line.write(tick * 160..<(tick + 1) * 160)
            #expect(line.send(now: .milliseconds(tick * 20)) == .idle)
        }
        #expect(line.sent == Line.bytes(0..<80_000))
    }

    @Test(
        "a backlog goes out at no more than the vendor's pace, and whole",
        arguments: [(1.25, Duration.seconds(2.8), Duration.seconds(3)), (1, .seconds(3.5), .seconds(3.7))])
    func catchesUp(pace: Double, least: Duration, most: Duration) {
        let line = Line(pace: pace)
        line.write(0..<32_000)
        line.connect(now: .zero)
        var now = Duration.zero
        while case .wait(let wait) = line.send(now: now) {
            #expect(wait > .zero)
            // 0.4 s may go at once.
            #expect(Double(line.sent.count) <= 3200 + 8000 * pace * (now / .seconds(1)) + 1)
            now += wait
        }
        #expect(now > least && now < most, "\(now)")
        #expect(line.sent == Line.bytes(0..<32_000))
    }

    @Test("after a broken connection it goes on where it is told")
    func replays() {
        let line = Line()
        line.write(0..<3200)
        _ = line.send(now: .zero)
        line.disconnect(resume: 1000)
        line.connect(now: .seconds(1))
        line.sent = []
        _ = line.send(boundary: 3200, now: .seconds(1))
        #expect(line.sent == Line.bytes(1000..<3200))
        #expect(line.sentOnConnection == 2200)
    }

    @Test("of what nobody waits for, so much is sent again that a voice not yet known of is whole, and no more")
    func footing() {
        let line = Line()
        line.write(0..<6400)
        _ = line.send(now: .seconds(2))
        line.disconnect(resume: nil)
        #expect(line.position == 6400 - 3200)
        line.write(6400..<16_000)
        line.disconnect(resume: nil)
        #expect(line.position == 16_000 - 3200)
    }

    @Test("a backlog that nobody waits for is left out, but for what may be the beginning of a voice")
    func idle() {
        let line = Line(pace: 1)
        line.write(0..<8000)
        #expect(!line.skipIdle(), "somebody waits")
        line.isResting = true
        #expect(line.skipIdle())
        #expect(line.position == 8000 - 3200)
        #expect(!line.skipIdle(), "that little may wait")
    }

    @Test("where only utterances are sent, a pre-roll waits, and costs no more draining than nothing would")
    func holds() {
        let line = Line()
        line.write(0..<8000)
        line.skipUnwanted()
        #expect(line.position == 8000 - 3200)
        #expect(!line.isWorthDraining(639) && line.isWorthDraining(640))
        line.skip(to: 5600)
        #expect(line.position == 5600 && line.isWorthDraining(0))
    }

    @Test("what is older than the history is lost, and counted")
    func loses() {
        let line = Line()
        for second in 0..<6 { line.write(second * 8000..<(second + 1) * 8000) }
        #expect(line.skipLost())
        #expect(line.lostBytes == 8000)
        #expect(line.position == 8000)
        #expect(!line.skipLost())
    }

    @Test("a frame the socket does not take stays")
    func refused() {
        let line = Line()
        line.write(0..<640)
        line.refuses = true
        #expect(line.send(now: .zero) == .send(640))
        #expect(line.position == 0)
    }
}

/// A leg and a socket around the value under test.
private final class Line {
    private let inlet = SampleRing<UInt8>(minimumCapacity: 65_536, silence: 0xFF)
    private var audio: OutgoingAudio
    var sent: [UInt8] = []
    var refuses = false

    init(restFrame: Duration? = nil, pace: Double = 1.25) {
        audio = OutgoingAudio(
            bytesPerSecond: 8000, frame: .milliseconds(80), restFrame: restFrame, history: .seconds(5),
            pace: pace)
    }

    var isResting: Bool {
        get { audio.isResting }
        set { audio.isResting = newValue }
    }

    func isWorthDraining(_ arrived: Int) -> Bool { audio.isWorthDraining(arrived) }

    var position: Int { audio.position }
    var sentOnConnection: Int { audio.sentOnConnection }
    var lostBytes: Int { audio.lostBytes }
    var isDrained: Bool { audio.isDrained }

    /// Bytes that tell their position.
    static func bytes(_ range: Range<Int>) -> [UInt8] {
        range.map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    }

    func write(_ range: Range<Int>) {
        let bytes = Self.bytes(range)
        inlet.write(bytes.span)
        audio.drain(inlet)
    }

    func connect(now: Duration) { audio.connected(now: now) }
    func disconnect(resume: Int?) { audio.disconnected(resume: resume) }
    func skipUnwanted() { audio.skipUnwanted() }
    func skip(to start: Int) { audio.skip(to: start) }
    func skipIdle() -> Bool { audio.skipIdle() }
    func skipLost() -> Bool { audio.skipLost() }

    /// Sends whatever may go; returns the step at which it stopped.
    func send(boundary: Int? = nil, now: Duration) -> OutgoingAudio.Step {
        while true {
            let step = audio.next(boundary: boundary, now: now)
            guard case .send(let count) = step else { return step }
            guard audio.withFrame(count, take) else { return step }
        }
    }

    private func take(_ frame: Span<UInt8>) -> Bool {
        if refuses { return false }
        for index in frame.indices { sent.append(frame[index]) }
        return true
    }
}
