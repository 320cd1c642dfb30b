package import AudioCore
package import Networking

/// How a vendor is asked for the speech of a text over HTTP: one request, the audio in the answer's body.
package protocol SpeechHTTPDialect: Sendable {
    var provider: String { get }

    /// - Throws: ``SpeechError/Code/refused`` for a voice or format that cannot be had.
    func request(_ text: String, voice: String, format: AudioFormat) throws(SpeechError) -> HTTPClientRequest

    /// What the body holds if its `Content-Type` does not say.
    func expected(for format: AudioFormat) -> AudioFormat
}
