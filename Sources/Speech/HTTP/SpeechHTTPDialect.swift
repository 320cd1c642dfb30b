package import AudioCore
package import Networking

/// How a vendor is asked for the speech of a text over HTTP: one request, the audio in the answer's body.
package protocol SpeechHTTPDialect: Sendable {
    var provider: String { get }

    /// - Throws: ``SpeechError/Code/refused`` for a voice or format that cannot be had.
    func request(_ text: String, voice: String, format: AudioFormat) throws(SpeechError) -> HTTPClientRequest

    /// What the body holds if its `Content-Type` does not say.
    func expected(for format: AudioFormat) -> AudioFormat

    /// Whether the request itself says which samples come, so that the name of their type matters less than that it is
    /// none of a compressed kind.
    var asksForSamples: Bool { get }

    /// Whether words may have their sounds beside them; see ``InterlinearAnnotation``.
    var readsSounds: Bool { get }

    /// What the audio comes in; nil where the body is the audio.
    var envelope: SpeechEnvelope? { get }

    /// Whether the body of an error says that the key is refused, where its status does not.
    func deniesKey(_ body: [UInt8]) -> Bool
}

extension SpeechHTTPDialect {
    package var asksForSamples: Bool { false }

    package var readsSounds: Bool { false }

    package var envelope: SpeechEnvelope? { nil }

    package func deniesKey(_ body: [UInt8]) -> Bool { false }
}
