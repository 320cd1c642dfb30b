import Testing

@testable import Service

@Suite("Waiting for a while")
struct BriefWaitTests {
    @Test("what is done in time is given, and what is not is not waited for")
    func waits() async {
        let quick = await BriefWait.result(within: .seconds(60)) { 7 }
        #expect(quick == 7)
        let clock = ContinuousClock()
        let start = clock.now
        let slow = await BriefWait.result(within: .milliseconds(50)) {
            // Cannot be told to stop.
            _ = await Task.detached { try? await Task.sleep(for: .seconds(20)) }.value
            return 7
        }
        #expect(slow == nil)
        #expect(clock.now - start < .seconds(15))
    }
}
