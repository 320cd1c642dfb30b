import AudioCore
import AudioDevices
import CallSession
import Callers
import Codecs
import Foundation
import Logging
import Testing

@testable import Service

@Suite("A call from a desk")
struct MicCallTests {
    @Test("with files: what is said is heard, what is answered is kept, and the recording goes where it is wanted")
    func files() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-mic-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let output = directory.appending(path: "heard.wav").path
        let recording = directory.appending(path: "kept.wav").path
        let clips = ["set it to seventy", "goodbye"].map { SpokenClip.saying($0).audio.map(MuLaw.decode) }
        let audio = try FileAudio(clips: clips, output: output)

        let call = MicCall(
            options: .init(
                agent: "thermostat", directory: directory.appending(path: "call").path, recording: recording,
                isPushToTalk: false),
            configuration: configuration(), engines: LightEngines(), logger: LogCollector().logger)
        let report = try await call.run(audio: audio, controls: AsyncStream { $0.finish() }) { _ in }

        #expect(report.turns.map(\.caller) == ["set it to seventy", "goodbye"])
        #expect(report.tools.map(\.name).contains("thermostat_set"))
        let heard = try AudioClip(wavFile: output).samples
        var meter = LevelMeter()
        meter.add(heard.span)
        #expect(meter.peak > -20)
        #expect(try WAVReader(path: recording).format.channels == 2)
        #expect(report.recording == recording)
    }

    @Test("keys are pressed and the line is put down from the keyboard")
    func keyboard() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-mic-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let audio = try FileAudio(clips: [[Int16](repeating: 0, count: 800_000)], output: nil)
        let (controls, keyboard) = AsyncStream.makeStream(of: MicCall.Control.self)
        let call = MicCall(
            options: .init(agent: "thermostat", directory: directory.path, recording: nil, isPushToTalk: false),
            configuration: configuration(), engines: LightEngines(), logger: LogCollector().logger)
        let pressed = SeenKeys()
        _ = try await call.run(audio: audio, controls: controls) { update in
            switch update {
            case .call(.journal(_, _, .playoutStarted(1))): keyboard.yield(.key("5"))
            case .call(.journal(_, _, .keyPressed(let key))):
                pressed.add(key)
                keyboard.yield(.hangUp)
            default: break
            }
        }
        #expect(pressed.keys == ["5"])
    }

    @Test("an agent that is not there is named, with those that are")
    func unknownAgent() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-mic-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let call = MicCall(
            options: .init(agent: "butler", directory: directory.path, recording: nil, isPushToTalk: false),
            configuration: configuration(), engines: LightEngines(), logger: LogCollector().logger)
        let audio = try FileAudio(clips: [], output: nil)
        let error = await #expect(throws: DemoError.self) {
            try await call.run(audio: audio, controls: AsyncStream { $0.finish() }) { _ in }
        }
        #expect(error?.reason.contains("butler") == true)
        #expect(error?.reason.contains("thermostat") == true)
    }

    private func configuration() -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.agents.directory = ServiceUnderTest.shippedAgents.path
        return configuration
    }
}

private final class SeenKeys: @unchecked Sendable {
    // @unchecked: under `lock`.
    private let lock = NSLock()
    private var seen: [String] = []
    func add(_ key: String) { lock.withLock { seen.append(key) } }
    var keys: [String] { lock.withLock { seen } }
}
