import Callers
import Testing

@testable import Service

@Suite("What a load comes to")
struct LoadReportTests {
    @Test("values are told by their middle, their edge and their worst")
    func spread() throws {
        let spread = try #require(LoadReport.Spread((1...200).reversed().map(Double.init)))
        #expect((spread.count, spread.p50, spread.p95, spread.p99, spread.worst) == (200, 101, 191, 199, 200))
        #expect(LoadReport.Spread([]) == nil)
    }

    @Test("the reports of several machines are one: what was listed is counted anew, what failed is added")
    func merged() throws {
        var one = LoadReport()
        (one.calls, one.lost, one.errors) = (3, 1, ["refused": 1])
        one.answers = [.init(at: 1, after: 400), .init(at: 3, after: 600)]
        one.stops = [80]
        one.sum()
        var other = LoadReport()
        (other.calls, other.errors, other.worstBeat) = (5, ["refused": 2, "gone": 1], 7)
        other.answers = [.init(at: 2, after: 2000)]
        other.sum()
        let both = LoadReport(merging: [one, other])
        #expect((both.calls, both.lost, both.responses, both.worstBeat) == (8, 1, 3, 7))
        #expect(both.errors == ["refused": 3, "gone": 1])
        #expect(both.answers.map(\.after) == [400, 2000, 600])
        #expect((both.responseP50, both.responseP99) == (600, 2000))
        #expect(both.bargeInStop?.count == 1)
    }

    @Test("a machine whose beats were later than any bound is not left out of the whole")
    func lateness() {
        var (quick, slow, beyond) = (LoadReport(), LoadReport(), LoadReport())
        (quick.beatP99, slow.beatP99, beyond.beatP99) = (1, 5, nil)
        #expect(LoadReport(merging: [quick, slow]).beatP99 == 5)
        #expect(LoadReport(merging: [beyond, slow]).beatP99 == nil)
        #expect(LoadReport(merging: [slow, beyond]).beatP99 == nil)
    }

    @Test("a service's share is what its pages of metrics have between them")
    func service() throws {
        func page(cpu: Double, megabytes: Int, underruns: Int, buckets: [Int]) -> MetricsPage {
            MetricsPage(
                """
                # HELP process_cpu_seconds_total CPU
                process_cpu_seconds_total \(cpu)
                process_resident_memory_bytes \(megabytes * 1_000_000)
                parley_playout_underruns_total \(underruns)
                parley_response_seconds_bucket{part="total",le="0.25"} \(buckets[0])
                parley_response_seconds_bucket{part="total",le="0.5"} \(buckets[1])
                parley_response_seconds_bucket{part="total",le="+Inf"} \(buckets[2])
                """)
        }
        let share = ServiceShare(
            idle: page(cpu: 5, megabytes: 300, underruns: 1, buckets: [10, 10, 10]),
            before: page(cpu: 6, megabytes: 380, underruns: 1, buckets: [11, 11, 11]),
            after: page(cpu: 16, megabytes: 400, underruns: 3, buckets: [20, 108, 110]), seconds: 20, calls: 50)
        #expect((share.cores, share.callsPerCore, share.underruns) == (0.5, 100, 2))
        #expect((share.memory, share.memoryPerCall) == (400, 2))
        let total = try #require(share.parts["total"])
        #expect((total.count, total.p50, total.p95) == (100, 500, 500))
        // Beyond the last end nothing is known.
        #expect(total.p99 == 500)
        #expect(share.parts["reply"] == nil)
    }

    @Test("a sender that keeps time has no pacing error, and a late message has its lateness")
    func pacing() {
        var playback = CarrierPlayback()
        var heard = [UInt8](repeating: 0, count: 160)
        let frame = [UInt8](repeating: 1, count: 160)
        for beat in 0..<100 {
            // Six frames ahead, and one message 30 ms late.
            for _ in 0..<(beat == 0 ? 6 : 1) {
                _ = playback.receive(frame.span, at: beat * 160 + (beat == 60 ? 240 : 0))
            }
            _ = playback.play(into: &heard, at: beat * 160)
        }
        let errors = playback.leads.errors
        #expect(errors.count == 90)
        #expect(errors.filter { $0 != 0 } == [30])
    }

    @Test("another machine is loaded only where that is meant")
    func remote() async {
        let options = LoadRun.Options(
            url: "ws://192.0.2.1:8081/twilio/media", agent: "receptionist", mode: .idle, calls: 1,
            duration: .seconds(1),
            interval: .milliseconds(1), clips: [], emulatorPort: nil)
        let error = await #expect(throws: DemoError.self) {
            try await LoadRun(options, logger: LogCollector().logger).run()
        }
        #expect(error?.reason.contains("--remote") == true)
    }
}
