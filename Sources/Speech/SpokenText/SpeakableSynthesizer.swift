package import AudioCore

/// A synthesizer that is given every text as it is to be said: see ``SpeakableText``.
package struct SpeakableSynthesizer: SpeechSynthesizer {
    private let engine: any SpeechSynthesizer
    private let locale: SpeechLocale
    private let pronunciations: [String: Pronunciation]

    /// - Parameters:
    ///   - locale: of numbers, signs and abbreviations.
    ///   - pronunciations: words as they are written → as they are to be read.
    package init(_ engine: any SpeechSynthesizer, locale: SpeechLocale, pronunciations: [String: Pronunciation] = [:]) {
        self.engine = engine
        self.locale = locale
        self.pronunciations = pronunciations
    }

    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        Session(
            try await engine.makeSession(voice: voice, format: format), locale: locale, pronunciations: pronunciations)
    }

    private final class Session: SynthesisSession {
        private let inner: any SynthesisSession
        private let locale: SpeechLocale
        private let pronunciations: [String: Pronunciation]

        init(_ inner: any SynthesisSession, locale: SpeechLocale, pronunciations: [String: Pronunciation]) {
            self.inner = inner
            self.locale = locale
            self.pronunciations = pronunciations
        }

        func synthesize(_ text: String) -> SynthesizedAudio { inner.synthesize(spoken(text)) }

        func keptAudio(of text: String) -> [UInt8]? { inner.keptAudio(of: spoken(text)) }

        func pace(of text: String) async -> SpokenPace? { await inner.pace(of: spoken(text)) }

        func close() { inner.close() }

        private func spoken(_ text: String) -> String {
            SpeakableText.make(from: text, locale: locale, pronunciations: pronunciations)
        }
    }
}
