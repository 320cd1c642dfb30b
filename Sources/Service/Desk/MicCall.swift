import Agent
package import AudioDevices
package import CallSession
import Callers
import Foundation
package import Logging
import Networking
import Store
import UnixSignals

/// A call from this machine's microphone, or from files, to an agent of a service in this process: over a real socket, as
/// a carrier would bring it.
package struct MicCall: Sendable {
    package struct Options: Sendable {
        package var agent: String
        /// Holds the call's database and recording; emptied first.
        package var directory: String
        /// Where the recording goes (left: caller, right: agent); nil leaves it in `directory`.
        package var recording: String?
        package var isPushToTalk: Bool

        package init(agent: String, directory: String, recording: String?, isPushToTalk: Bool) {
            self.agent = agent
            self.directory = directory
            self.recording = recording
            self.isPushToTalk = isPushToTalk
        }
    }

    /// What somebody at the keyboard wants.
    package enum Control: Sendable, Equatable {
        case mute, pushToTalk, talk, hangUp
        /// A telephone key.
        case key(Character)
    }

    /// What there is to show.
    package enum Update: Sendable {
        case preparing
        case dialling(url: String)
        case call(CallEvent)
        /// Of the last 100 ms, in dBFS.
        case levels(caller: Double, agent: Double, isOpen: Bool)
        case gate(MicrophoneGate)
        case device(DeviceCounters)
        case closed(reason: String)
    }

    private let options: Options
    private let configuration: ParleyConfiguration
    private let engines: (any CallEngines)?
    private let logger: Logger

    /// - Parameter engines: other ears and another voice than the configured ones.
    package init(
        options: Options, configuration: ParleyConfiguration, engines: (any CallEngines)? = nil, logger: Logger
    ) {
        self.options = options
        self.configuration = configuration
        self.engines = engines
        self.logger = logger
    }

    /// Holds the call until somebody hangs up, or until SIGINT or SIGTERM.
    ///
    /// - Parameters:
    ///   - show: told what happens, on any thread; must not block.
    ///   - controls: from the keyboard.
    package func run(
        audio: any CallerAudio, controls: AsyncStream<Control>, show: @escaping @Sendable (Update) -> Void
    ) async throws -> DemoReport {
        let (events, sink) = AsyncStream.makeStream(of: (String, CallEvent).self)
        var configuration = try configuration.confined(to: options.directory)
        configuration.recordings.isEnabled = true
        let service = try ParleyService(
            configuration: configuration, logger: logger, engines: engines,
            watcher: { id, event in
                sink.yield((id, event))
                show(.call(event))
            })
        _ = try service.agent(named: options.agent)
        let loop = EventLoop(name: "caller", logger: logger)
        try loop.start()
        let (closings, closed) = AsyncStream.makeStream(of: String.self)
        let caller = DeskCaller(audio: audio, gate: MicrophoneGate(isPushToTalk: options.isPushToTalk)) { update in
            if case .closed(let reason) = update { closed.yield(reason) }
            show(update)
        }
        let outcome: Result<String, any Error>
        do {
            // Before the models are prepared, which may take minutes: a device that is not there is told at once.
            try audio.start { frame in loop.post { caller.beat(frame) } }
            show(.preparing)
            outcome = .success(
                try await service.whileRunning(logger: logger) {
                    let port = try await port(of: service)
                    let url = "ws://127.0.0.1:\(port)/twilio/media"
                    show(.dialling(url: url))
                    loop.post { caller.dial(line(to: url), on: loop) }
                    return try await untilOver(
                        caller, on: loop, controls: controls, events: events, closings: closings)
                })
        } catch { outcome = .failure(error) }
        audio.stop()
        await loop.shutdown()
        return try await report(try outcome.get(), store: configuration.store)
    }

    /// Waits for the service, unless a signal says that nobody wants to.
    private func port(of service: ParleyService) async throws -> Int {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Int.self) { tasks in
            tasks.addTask { try await service.reachable().publicPort }
            tasks.addTask {
                for await _ in signals { break }
                throw DemoError(reason: "stopped before the service was ready")
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? 0
        }
    }

    private func line(to url: String) -> CarrierLine.Call {
        CarrierLine.Call(
            url: url, callID: "CA" + UUID().uuidString.lowercased().filter { $0 != "-" },
            parameters: ["agent": options.agent, "from": "+15550100", "to": "+15550199"])
    }

    /// Obeys the keyboard and the signals until the call is over, and returns its id.
    private func untilOver(
        _ caller: DeskCaller, on loop: EventLoop, controls: AsyncStream<Control>,
        events: AsyncStream<(String, CallEvent)>, closings: AsyncStream<String>
    ) async throws -> String {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let end = await withTaskGroup(of: End.self) { tasks in
            tasks.addTask {
                for await (id, event) in events { if case .finished = event { return .over(call: id) } }
                return .refused(reason: "the service stopped")
            }
            tasks.addTask {
                for await control in controls { loop.post { caller.obey(control) } }
                // Nobody is at the keyboard; the others decide.
                try? await Task.sleep(for: .seconds(86_400))
                return .refused(reason: "the call lasted a day")
            }
            tasks.addTask {
                for await _ in signals { loop.post { caller.hangUp() } }
                return .refused(reason: "stopped by a signal")
            }
            tasks.addTask {
                // A line that closes is followed by the end of the call, unless there never was one.
                var reason = ""
                for await text in closings {
                    reason = text
                    break
                }
                try? await Task.sleep(for: .seconds(5))
                return .refused(reason: reason)
            }
            let first = await tasks.next() ?? .refused(reason: "")
            tasks.cancelAll()
            return first
        }
        switch end {
        case .over(let call): return call
        case .refused(let reason): throw DemoError(reason: "the service took no call: \(reason)")
        }
    }

    private enum End: Sendable {
        case over(call: String)
        case refused(reason: String)
    }

    private func report(_ call: String, store: ParleyConfiguration.Store) async throws -> DemoReport {
        let store = try Store(store)
        defer { try? store.close() }
        var report = DemoReport(try await store.story(ofCall: call))
        guard let target = options.recording, let made = report.recording else { return report }
        try? FileManager.default.removeItem(atPath: target)
        do { try FileManager.default.moveItem(atPath: made, toPath: target) } catch {
            throw DemoError(
                reason: "the recording stays in \(made); it cannot be moved to \(target): \(error.localizedDescription)"
            )
        }
        report.recording = target
        return report
    }
}
