import Emulators
import Foundation
import Testing

@Suite("The vendors' own SDKs accept the emulators")
struct PeerTests {
    /// A Python environment with what `Tests/requirements.txt` names.
    private static let environment = ProcessInfo.processInfo.environment["PARLEY_PEERS"]

    @Test(
        "anthropic, deepgram-sdk, elevenlabs, google-genai and openai",
        .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func sdks() async throws {
        let environment = try #require(Self.environment)
        var configuration = EmulatorFleet.Configuration()
        let script: @Sendable (ModelEmulatorConfiguration.Exchange) -> ModelEmulatorConfiguration.Reply = { exchange in
            if let result = exchange.toolResults.last { return .init("It says \(result).") }
            return exchange.tools.isEmpty
                ? .init("Hello.") : .init("One moment.", toolCalls: [.init(name: "lookup", arguments: #"{"id":7}"#)])
        }
        configuration.openAI = OpenAIChatEmulatorConfiguration(script: script)
        configuration.openAIResponses = ModelEmulatorConfiguration(script: script)
        configuration.gemini = ModelEmulatorConfiguration(script: script)
        // The third request is answered with an error inside the stream.
        configuration.anthropic = ModelEmulatorConfiguration(
            faults: [.none, .none, .error(afterChunks: 4)], script: script)
        try await withFleet(configuration) { _, addresses in
            let report = try await run(
                "check.py",
                [
                    addresses.deepgram, addresses.openAI, addresses.elevenLabs, addresses.anthropic, addresses.gemini,
                ], in: environment)
            #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 36, "\(report)")
        }
    }

    @Test(
        "assemblyai, cartesia, deepgram-sdk, elevenlabs, google-cloud-texttospeech and openai for speech",
        .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func speech() async throws {
        let environment = try #require(Self.environment)
        try await withFleet { _, addresses in
            let report = try await run(
                "check_speech.py",
                [
                    addresses.flux, addresses.aura, addresses.openAI, addresses.assemblyAI, addresses.cartesia,
                    addresses.openAIRealtime, addresses.openAIConversations, addresses.fluxVoice,
                ], in: environment)
            #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 41, "\(report)")
        }
    }

    @Test(
        "elevenlabs, cartesia, soniox, speechmatics-rt and Azure's SDK for what hears a stream",
        .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func listening() async throws {
        let environment = try #require(Self.environment)
        try await withFleet { _, addresses in
            let report = try await run(
                "check_listening.py",
                [
                    addresses.scribe, addresses.ink, addresses.soniox, addresses.speechmatics,
                    addresses.azureTranscription,
                ], in: environment)
            #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 23, "\(report)")
        }
    }

    @Test(
        "google-genai for speech to speech",
        .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func conversing() async throws {
        let environment = try #require(Self.environment)
        var configuration = EmulatorFleet.Configuration()
        configuration.geminiLive = GeminiLiveEmulatorConfiguration(transcripts: ["hello there"]) { exchange in
            if let result = exchange.toolResults.last { return .init("It says \(result).") }
            return .init("One moment.", toolCalls: [.init(name: "lookup", arguments: #"{"id":7}"#)])
        }
        try await withFleet(configuration) { _, addresses in
            let report = try await run("check_live.py", [addresses.geminiLive], in: environment)
            #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 9, "\(report)")
        }
    }

    /// Runs a program of `peers`, which must succeed, and gives what it printed.
    private func run(_ program: String, _ arguments: [String], in environment: String) async throws -> String {
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers/\(program)")
        let output = FileManager.default.temporaryDirectory.appending(path: "parley-peers-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: output) }
        let file = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: "\(environment)/bin/python")
        process.arguments = [program.path] + arguments
        process.standardOutput = file
        process.standardError = file
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        let report = try String(contentsOf: output, encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(report)")
        return report
    }
}
