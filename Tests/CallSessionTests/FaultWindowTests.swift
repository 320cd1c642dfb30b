import Testing

@testable import CallSession

@Suite("Messages that cannot be read")
struct FaultWindowTests {
    /// Which of the faults at `positions` are too many.
    private func verdicts(_ window: inout FaultWindow, _ positions: some Sequence<Int>) -> [Bool] {
        positions.map { window.add(at: $0) }
    }

    private func borne(_ count: Int) -> [Bool] { [Bool](repeating: false, count: count) }

    @Test("a hundred and one within a minute are too many")
    func burst() {
        var window = FaultWindow()
        let all = verdicts(&window, (0..<100).map { $0 * 4700 } + [479_999])
        #expect(all == borne(100) + [true])
        #expect(window.count == 101)
    }

    @Test("one every second is borne for as long as the call lasts, and a burst after that is not")
    func drizzle() {
        var window = FaultWindow()
        let hour = verdicts(&window, (0..<3600).map { $0 * 8000 })
        #expect(hour == borne(3600))
        // In the last minute there were sixty already.
        let end = verdicts(&window, (0..<41).map { 3599 * 8000 + $0 })
        #expect(end == borne(40) + [true])
    }

    @Test("a hundred, a minute's pause, and a hundred more are not too many")
    func pause() {
        var window = FaultWindow()
        let all = verdicts(&window, Array(0..<100) + (480_000..<480_101))
        #expect(all == borne(200) + [true])
    }
}
