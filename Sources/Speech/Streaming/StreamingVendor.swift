/// How a vendor is reached that hears a stream on a socket: what tells one ``StreamingRecognizer`` from another.
package protocol StreamingVendor: Sendable {
    static var capabilities: RecognizerCapabilities { get }

    /// Opens a session for one leg.
    ///
    /// - Throws: ``SpeechError/Code/refused`` for a format that the vendor does not take.
    func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession
}
