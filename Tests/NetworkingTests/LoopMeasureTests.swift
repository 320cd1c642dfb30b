import Glibc
import Logging
import Testing

@testable import Networking

@Suite("What a loop measures of itself")
struct LoopMeasureTests {
    @Test("a histogram sorts values by their upper bounds and tells which bound a share lies below")
    func histogram() {
        let histogram = LoopHistogram()
        for _ in 0..<98 { histogram.record(nanoseconds: 90_000) }
        histogram.record(nanoseconds: 5_000_000)
        histogram.record(nanoseconds: 1_000_000_000)
        let snapshot = histogram.snapshot
        #expect(snapshot.counts == [98, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
        #expect(snapshot.sum == .nanoseconds(98 * 90_000 + 1_005_000_000))
        #expect(snapshot.bound(below: 0.9) == .microseconds(100))
        #expect(snapshot.bound(below: 0.99) == .milliseconds(5))
        #expect(snapshot.bound(below: 1) == nil)
        #expect(LoopHistogram().snapshot.bound(below: 0.5) == nil)
    }

    /// The value after beats of 20 ms that were each so late [ms].
    private func lateness(after beats: [Double]) -> Double {
        let lateness = RecentLateness()
        var now = 1_000_000_000
        for late in beats {
            lateness.record(nanoseconds: Int(late * 1e6), at: now + Int(late * 1e6))
            now += 20_000_000
        }
        return Double(lateness.value(at: now)) / 1e6
    }

    @Test("recent lateness rises with a steady overload, not with a hiccup, and falls by itself")
    func recentLateness() {
        let calm = [Double](repeating: 0.2, count: 50)
        #expect(lateness(after: calm) < 0.5)
        #expect(lateness(after: calm + [40] + calm.prefix(2)) < 5)
        #expect(lateness(after: calm + [Double](repeating: 15, count: 50)) > 10)
        let overload = RecentLateness()
        for beat in 0..<100 { overload.record(nanoseconds: 50_000_000, at: beat * 20_000_000) }
        #expect(overload.value(at: 99 * 20_000_000) > 45_000_000)
        #expect(overload.value(at: 99 * 20_000_000 + 1_500_000_000) < 5_000_000)
        // A clock read before the last beat, by another thread, is no reason for more.
        #expect(overload.value(at: 0) <= 50_000_000)
    }

    @Test("a busy loop pauses until its span is over or something is due, an idle one never")
    func gathering() {
        var pause = GatherPause(span: 1_000_000)
        let start: UInt64 = 1_000_000_000
        // After a long sleep: what woke it is handled, and the next look is at once.
        #expect(pause.pause(at: start, limit: nil) == 0)
        #expect(pause.pause(at: start + 200_000, limit: nil) == 800_000)
        // It looked at 1.0 ms and is done at 1.3.
        #expect(pause.pause(at: start + 1_300_000, limit: nil) == 700_000)
        #expect(pause.pause(at: start + 2_100_000, limit: 500_000) == 500_000)
        #expect(pause.pause(at: start + 2_700_000, limit: 0) == 0)
        #expect(pause.pause(at: start + 2_900_000, limit: nil) == 800_000)
        #expect(pause.pause(at: start + 30_000_000, limit: nil) == 0)
        // A turn that took longer than the span has gathered enough.
        #expect(pause.pause(at: start + 31_000_000, limit: nil) == 0)
        var none = GatherPause(span: 0)
        for time in start..<start + 10 { #expect(none.pause(at: time, limit: nil) == 0) }
    }

    @Test("a loop that gathers answers all the same")
    func gatheringLoop() async throws {
        let loop = EventLoop(
            name: "gather", configuration: EventLoopConfiguration(gather: .milliseconds(5)),
            logger: .init(label: "test"))
        try loop.start()
        for number in 0..<20 {
            let answer = await withCheckedContinuation { (done: CheckedContinuation<Int, Never>) in
                loop.post { done.resume(returning: number) }
            }
            #expect(answer == number)
        }
        await loop.shutdown()
    }

    @Test("a running loop counts its beats, and its work without its waits")
    func counting() async throws {
        try await withLoop { loop in
            await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                loop.post {
                    var beats = 0
                    var timer: LoopTimer?
                    timer = loop.scheduleRepeating(every: .milliseconds(5)) { _ in
                        beats += 1
                        guard beats == 5 else { return }
                        timer?.cancel()
                        done.resume()
                    }
                }
            }
            let metrics = loop.metrics
            #expect(metrics.tickLateness.counts.reduce(0, +) >= 5)
            #expect(metrics.busyTime.counts.reduce(0, +) >= 5)
            // Five beats are 25 ms of waiting, which is not work.
            #expect(metrics.busyTime.sum < .milliseconds(20))
        }
    }

    @Test("a loop that asks for real time says whether it was granted, and runs either way")
    func realTime() async throws {
        let loop = EventLoop(
            name: "real-time", configuration: EventLoopConfiguration(wantsRealTime: true), logger: .init(label: "test"))
        try loop.start()
        let policy = await withCheckedContinuation { (done: CheckedContinuation<Int32, Never>) in
            loop.post { done.resume(returning: sched_getscheduler(0)) }
        }
        #expect(loop.metrics.isRealTime == (policy == SCHED_RR))
        await loop.shutdown()
    }
}
