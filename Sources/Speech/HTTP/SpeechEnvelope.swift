/// What the audio comes in where the body of an answer is not the audio itself: the whole body is read, then opened.
package struct SpeechEnvelope: Sendable {
    /// Bytes of a body that are read; a longer one is refused.
    let longest: Int
    /// The audio in a body: samples, or a WAV file.
    ///
    /// - Throws: a sentence for what is not such a body.
    let open: @Sendable ([UInt8]) throws(Malformed) -> [UInt8]

    /// Why a body cannot be opened.
    struct Malformed: Error {
        let reason: String
    }
}
