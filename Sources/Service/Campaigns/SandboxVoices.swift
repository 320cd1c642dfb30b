import AudioCore
import Callers
import Codecs
import Logging
import Speech

/// What is heard when a telephone is picked up in the sandbox, spoken by the embedded voice.
struct SandboxVoices: Sendable {
    var hello: CallerClip
    var voicemail: CallerClip
    var screening: CallerClip
    var menu: CallerClip

    static func make(logger: Logger) async throws -> SandboxVoices {
        var configuration = FliteConfiguration()
        configuration.workerCount = 1
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: logger)
        defer { synthesizer.close() }
        func say(_ text: String, voice: String) async throws -> CallerClip {
            let session = try await synthesizer.makeSession(voice: voice, format: .telephone)
            defer { session.close() }
            var audio: [UInt8] = []
            for try await chunk in session.synthesize(text) { audio += chunk }
            return CallerClip(name: text, audio: audio)
        }
        return SandboxVoices(
            hello: try await say("Hello?", voice: "rms"),
            voicemail: try await say(
                "Hi, you've reached Anna. I can't come to the phone right now. Please leave a message after the beep.",
                voice: "slt"),
            screening: try await say("Please state your name and the reason for your call.", voice: "awb"),
            menu: try await say(
                "Thank you for calling. For billing press one, for appointments press two, or stay on the line.",
                voice: "slt"))
    }
}
