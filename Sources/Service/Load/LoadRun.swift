package import Callers
import Codecs
import Emulators
import Foundation
package import Logging
import Networking

/// Many callers at once against a running service, over real sockets, from one thread with a precise beat.
///
/// Bounded in calls and time; another machine is dialled only where that is said to be meant.
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
        /// The emulators write into their results when they send them, so that it is known how long those take.
        package var stamps = false
        /// Whether addresses beyond loopback may be dialled.
        package var allowsRemote = false
        /// In ``Mode/converse``: each caller speaks over every third sentence of the agent.
        package var interrupts = false
        /// The service's page of metrics; nil leaves out what only the service knows.
        package var metricsURL: String?

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

    private let options: Options
    private let logger: Logger

    package init(_ options: Options, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    package func run() async throws -> LoadReport {
        guard options.allowsRemote || LoopbackAddress.isLoopback(URLComponents(string: options.url)?.host ?? "") else {
            throw DemoError(
                reason: "\(options.url) is another machine; if it is yours to load, say so with --remote")
        }
        let metrics = MetricsReader(url: options.metricsURL, logger: logger)
        let idle = try await metrics.page()
        let stamps = LoadStamps()
        var fleet: EmulatorFleet?
        if let port = options.emulatorPort {
            var configuration = EmulatorFleet.Configuration()
            (configuration.deepgramPort, configuration.openAIPort, configuration.elevenLabsPort) = (
                port, port + 1, port + 2
            )
            if options.stamps { stamps.put(into: &configuration) }
            fleet = EmulatorFleet(configuration, logger: logger)
            _ = try await fleet?.start()
        }
        // A driver whose beats come late measures itself; where the system refuses, the report says so.
        let loop = EventLoop(
            name: "callers", configuration: EventLoopConfiguration(wantsRealTime: true), logger: logger)
        try loop.start()
        let crowd = Crowd(options, stamps: options.stamps ? stamps : nil)
        for index in 0..<options.calls {
            loop.post { crowd.dial(index, on: loop) }
            try await Task.sleep(for: options.interval)
        }
        let before = try await metrics.page()
        let opened = ContinuousClock.now
        try await Task.sleep(for: options.duration)
        let after = try await metrics.page()
        let seconds = (ContinuousClock.now - opened) / .seconds(1)
        var report = await withCheckedContinuation { continuation in
            loop.post { continuation.resume(returning: crowd.finish(loop.metrics)) }
        }
        try await Task.sleep(for: .milliseconds(500))
        await loop.shutdown()
        await fleet?.shutdown()
        await metrics.close()
        if let idle, let before, let after {
            report.service = ServiceShare(
                idle: idle, before: before, after: after, seconds: seconds, calls: report.calls)
        }
        return report
    }
}

/// Asks a service for its page of metrics.
private struct MetricsReader {
    let url: String?
    private let client: HTTPClient

    init(url: String?, logger: Logger) {
        self.url = url
        client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
    }

    func page() async throws -> MetricsPage? {
        guard let url else { return nil }
        let response = try await client.send(HTTPClientRequest(url: url))
        let body = try await response.body.collect(upTo: 4 << 20)
        guard response.status == 200 else {
            throw DemoError(reason: "\(url) answers \(response.status) instead of a page of metrics")
        }
        return MetricsPage(String(decoding: body, as: UTF8.self))
    }

    func close() async { await client.shutdown() }
}

/// The callers of a run. Confined to their loop's thread.
private final class Crowd: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private let options: LoadRun.Options
    private let stamps: LoadStamps?
    private var lines: [Int: CarrierLine] = [:]
    private var said: [Int: Int] = [:]
    /// Sentences of the agent so far, by line.
    private var heard: [Int: Int] = [:]
    /// When somebody began to speak over the agent, by line.
    private var interrupting: [Int: ContinuousClock.Instant] = [:]
    private var openings: [Int: ContinuousClock.Instant] = [:]
    /// The first voiced sample of each clip.
    private let onsets: [Int]
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now
    private var report = LoadReport()
    private var isFinishing = false

    /// How far into a sentence somebody speaks over it.
    private static let patience = Duration.milliseconds(1200)

    init(_ options: LoadRun.Options, stamps: LoadStamps?) {
        self.options = options
        self.stamps = stamps
        onsets = options.clips.map { CallerMouth.voiced($0.audio.map(MuLaw.decode)).lowerBound }
    }

    func dial(_ index: Int, on loop: EventLoop) {
        let id = "CA" + String(index, radix: 16) + "-" + UUID().uuidString.lowercased()
        let line = CarrierLine(
            CarrierLine.Call(url: options.url, callID: id, parameters: ["agent": options.agent]), on: loop
        ) { [unowned self] event in hear(event, of: index, on: loop) }
        lines[index] = line
        if let stamps { line.beginning = { stamps.heard($0) } }
        line.dial()
    }

    func finish(_ beats: EventLoopMetrics.Snapshot) -> LoadReport {
        isFinishing = true
        var errors: [Double] = []
        for line in lines.values {
            report.gaps += line.gaps
            report.agentSeconds += Double(line.agentSamples) / 8000
            errors += line.leads.errors.map(Double.init)
            line.hangUp()
        }
        report.pacingError = LoadReport.Spread(errors)
        (report.finalToModel, report.audioToCaller) = stamps?.spreads ?? (nil, nil)
        report.beats = beats.ticks
        report.missedBeats = beats.missedTicks
        report.worstBeat = beats.worstTickLateness / .milliseconds(1)
        report.beatP99 = beats.tickLateness.bound(below: 0.99).map { $0 / .milliseconds(1) }
        report.isRealTime = beats.isRealTime
        report.sum()
        return report
    }

    private func hear(_ event: CarrierLine.Event, of index: Int, on loop: EventLoop) {
        switch event {
        case .opened:
            report.calls += 1
            openings[index] = clock.now
        case .agentBegan(let response):
            heard[index, default: 0] += 1
            if let response {
                report.answers.append(
                    LoadReport.Answer(
                        at: (clock.now - start) / .seconds(1), after: response / .milliseconds(1),
                        call: lines[index]?.callID, into: openings[index].map { (clock.now - $0) / .seconds(1) }))
            }
            guard options.interrupts, heard[index, default: 0] % 3 == 0 else { return }
            loop.schedule(after: Self.patience) { [self] in interrupt(index, sentence: heard[index, default: 0]) }
        case .cleared:
            guard let began = interrupting.removeValue(forKey: index) else { return }
            report.stops.append((clock.now - began) / .milliseconds(1))
            if let last = lines[index]?.lastAgentAudio {
                report.holds.append(max((last - began) / .milliseconds(1), 0))
            }
        case .agentFell:
            interrupting[index] = nil
            speak(index)
        case .closed(let reason):
            guard !isFinishing else { return }
            report.lost += 1
            report.errors[reason, default: 0] += 1
        case .clipEnded: break
        }
    }

    /// Speaks over the agent, if it still says what it began.
    private func interrupt(_ index: Int, sentence: Int) {
        guard !isFinishing, heard[index] == sentence, lines[index]?.isAgentTalking == true else { return }
        if let onset = speak(index) { interrupting[index] = clock.now + .microseconds(onset * 125) }
    }

    /// Says the next clip.
    ///
    /// - Returns: the first voiced sample of it; nil where callers do not speak.
    @discardableResult
    private func speak(_ index: Int) -> Int? {
        guard options.mode == .converse, !options.clips.isEmpty else { return nil }
        let next = said[index, default: index]
        said[index] = next + 1
        lines[index]?.say(options.clips[next % options.clips.count])
        return onsets[next % onsets.count]
    }
}
