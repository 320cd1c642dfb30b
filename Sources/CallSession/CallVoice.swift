import AudioCore
package import Speech

/// In whose voice an agent speaks.
package struct CallVoice: Sendable {
    package var synthesizer: any SpeechSynthesizer
    /// The synthesizer's name of the voice; empty for its default.
    package var name: String

    package init(synthesizer: any SpeechSynthesizer, name: String) {
        self.synthesizer = synthesizer
        self.name = name
    }

    func open() async throws -> any SynthesisSession {
        try await synthesizer.makeSession(voice: name, format: .telephone)
    }
}
