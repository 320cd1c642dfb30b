package import AudioCore
package import Networking

/// A synthesizer that is asked over HTTP: one request for a text, whose audio is passed on as it comes. Connections are
/// kept by the client and shared by calls.
package struct HTTPSynthesizer: SpeechSynthesizer {
    private let dialect: any SpeechHTTPDialect
    private let client: HTTPClient

    package init(_ dialect: any SpeechHTTPDialect, client: HTTPClient) {
        self.dialect = dialect
        self.client = client
    }

    /// Nothing is sent before the first text.
    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        // What cannot be asked for is known now.
        _ = try dialect.request("", voice: voice, format: format)
        return HTTPSynthesisSession(dialect, voice: voice, format: format, client: client)
    }
}
