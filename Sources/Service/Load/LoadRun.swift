package import Callers
import Emulators
import Foundation
package import Logging
import Networking

/// Many callers at once against a running service, over real sockets, from one thread with a precise beat.
///
/// Bounded in calls and time; only loopback addresses are dialled.
package struct LoadRun: Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Lines are open, nobody speaks.
        case idle
        /// Each caller answers whenever the agent has finished.
        case converse
    }

    package struct Options: Sendable {
        package var url: String
        package var agent: String
        package var mode: Mode
        /// 1...2000.
        package var calls: Int
        /// How long all lines are open, after the last one was dialled.
        package var duration: Duration
        /// Between two dials.
        package var interval: Duration
        /// What the callers say, in turn; needed to converse.
        package var clips: [CallerClip]
        /// The first of three ports for the vendors' emulators; nil starts none.
        package var emulatorPort: Int?

        package init(
            url: String, agent: String, mode: Mode, calls: Int, duration: Duration, interval: Duration,
            clips: [CallerClip], emulatorPort: Int?
        ) {
            self.url = url
            self.agent = agent
            self.mode = mode
            self.calls = calls
            self.duration = duration
            self.interval = interval
            self.clips = clips
            self.emulatorPort = emulatorPort
        }
    }

    package struct Answer: Sendable, Encodable, Equatable {
        /// Seconds since the first dial.
        package var at: Double
        /// From the caller's last voiced sample to the agent's first one, in ms.
        package var after: Double
    }

    package struct Report: Sendable, Encodable {
        /// Lines that were opened.
        package var calls = 0
        /// Lines the service closed before the end.
        package var lost = 0
        package var responses = 0
        /// From a caller's last voiced sample to the agent's first one, in ms.
        package var responseP50 = 0.0
        package var responseP99 = 0.0
        /// Times an agent's audio broke off and went on within 200 ms.
        package var gaps = 0
        package var agentSeconds = 0.0
        /// 20 ms beats of this driver, of all lines together.
        package var beats = 0
        /// Beats that were missed; more than a few spoil the figures.
        package var missedBeats = 0
        /// How late the latest beat was, in ms.
        package var worstBeat = 0.0
        /// Every answer, in the order in which they came.
        package var answers: [Answer] = []

        /// Nobody was lost, the median answer came within `median` ms, and not one caller in twenty heard a gap.
        package func keeps(median: Double) -> Bool { lost == 0 && responseP50 <= median && gaps * 20 <= calls }
    }

    private let options: Options
    private let logger: Logger

    package init(_ options: Options, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    package func run() async throws -> Report {
        guard LoopbackAddress.isLoopback(URLComponents(string: options.url)?.host ?? "") else {
            throw DemoError(reason: "load goes to loopback addresses only, not to \(options.url)")
        }
        var fleet: EmulatorFleet?
        if let port = options.emulatorPort {
            var configuration = EmulatorFleet.Configuration()
            (configuration.deepgramPort, configuration.openAIPort, configuration.elevenLabsPort) = (
                port, port + 1, port + 2
            )
            fleet = EmulatorFleet(configuration, logger: logger)
            _ = try await fleet?.start()
        }
        let loop = EventLoop(name: "callers", logger: logger)
        try loop.start()
        let crowd = Crowd(options)
        for index in 0..<options.calls {
            loop.post { crowd.dial(index, on: loop) }
            try await Task.sleep(for: options.interval)
        }
        try await Task.sleep(for: options.duration)
        let report = await withCheckedContinuation { continuation in
            loop.post { continuation.resume(returning: crowd.finish(loop.metrics)) }
        }
        try await Task.sleep(for: .milliseconds(500))
        await loop.shutdown()
        await fleet?.shutdown()
        return report
    }
}

/// The callers of a run. Confined to their loop's thread.
private final class Crowd: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private let options: LoadRun.Options
    private var lines: [Int: CarrierLine] = [:]
    private var said: [Int: Int] = [:]
    private var responses: [Double] = []
    private let start = ContinuousClock.now
    private var report = LoadRun.Report()
    private var isFinishing = false

    init(_ options: LoadRun.Options) { self.options = options }

    func dial(_ index: Int, on loop: EventLoop) {
        let id = "CA" + String(index, radix: 16) + "-" + UUID().uuidString.lowercased()
        let line = CarrierLine(
            CarrierLine.Call(url: options.url, callID: id, parameters: ["agent": options.agent]), on: loop
        ) { [unowned self] event in hear(event, of: index) }
        lines[index] = line
        line.dial()
    }

    func finish(_ beats: EventLoopMetrics.Snapshot) -> LoadRun.Report {
        isFinishing = true
        for line in lines.values {
            report.gaps += line.gaps
            report.agentSeconds += Double(line.agentSamples) / 8000
            line.hangUp()
        }
        responses.sort()
        report.responses = responses.count
        if !responses.isEmpty {
            report.responseP50 = responses[responses.count / 2]
            report.responseP99 = responses[min(responses.count * 99 / 100, responses.count - 1)]
        }
        report.beats = beats.ticks
        report.missedBeats = beats.missedTicks
        report.worstBeat = beats.worstTickLateness / .milliseconds(1)
        return report
    }

    private func hear(_ event: CarrierLine.Event, of index: Int) {
        switch event {
        case .opened: report.calls += 1
        case .agentBegan(let response?):
            let after = response / .milliseconds(1)
            responses.append(after)
            report.answers.append(
                LoadRun.Answer(at: (ContinuousClock.now - start) / .seconds(1), after: after))
        case .agentFell:
            guard options.mode == .converse, !options.clips.isEmpty else { return }
            let next = said[index, default: index]
            said[index] = next + 1
            lines[index]?.say(options.clips[next % options.clips.count])
        case .closed:
            if !isFinishing { report.lost += 1 }
        case .agentBegan(nil), .cleared, .clipEnded: break
        }
    }
}
