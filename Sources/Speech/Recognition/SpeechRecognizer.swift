package import AudioCore

/// Turns caller audio into text. One conformance per provider.
///
/// A recognizer is shared by all calls; a ``RecognitionSession`` belongs to one call.
package protocol SpeechRecognizer: Sendable {
    var capabilities: RecognizerCapabilities { get }

    /// Whether another session could be opened now. One that cannot is not begun with while another recognizer hears.
    var hasRoom: Bool { get }

    /// Opens a session for one call leg.
    ///
    /// - Parameters:
    ///   - format: the leg's native format; audio is written to the session in it.
    ///   - vocabulary: all the task's contexts, so that language models exist before the first word is spoken.
    ///   - sink: receives events in order, on any thread; it must not block.
    func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession
}

extension SpeechRecognizer {
    package var hasRoom: Bool { true }
}

/// What a recognizer can do: data, so that nobody asks a provider for its name.
package struct RecognizerCapabilities: Sendable, Equatable {
    package var providesInterims: Bool
    /// The provider reports ends of turns itself.
    package var detectsEndOfTurn: Bool
    /// Audio flows all the time (`true`), or only between `beginUtterance` and `finishUtterance` (`false`).
    package var isContinuous: Bool

    package init(providesInterims: Bool, detectsEndOfTurn: Bool, isContinuous: Bool) {
        self.providesInterims = providesInterims
        self.detectsEndOfTurn = detectsEndOfTurn
        self.isContinuous = isContinuous
    }
}

/// One call's recognition. The media loop writes audio and calls these methods; none of them blocks or allocates per frame.
package protocol RecognitionSession: AnyObject, Sendable {
    /// Where the media loop writes caller audio: the leg's own encoding, one byte a sample for G.711.
    /// Bounded: what does not fit is dropped and counted there.
    var inlet: SampleRing<UInt8> { get }

    /// Says that `inlet` has new audio. At most once per tick.
    func audioArrived()

    /// The caller began to speak. Audio written from now on (and the pre-roll written just before) is utterance `id`.
    ///
    /// - Parameter context: the name of the ``SpeechVocabulary`` context whose language model should be used.
    func beginUtterance(_ id: UtteranceID, context: String)

    /// The caller fell silent; `id` is over unless they go on. A recognizer that needs time for its final result can begin
    /// to make it.
    func pauseUtterance(_ id: UtteranceID)

    /// The caller went on after a pause that did not end `id`.
    func resumeUtterance(_ id: UtteranceID)

    /// No more audio belongs to `id`. Exactly one `final`, `nothingHeard` or `failed` event for `id` follows.
    func finishUtterance(_ id: UtteranceID)

    /// Nobody wants `id` any more. No event for it follows.
    func cancelUtterance(_ id: UtteranceID)

    /// Ends the session and frees what it holds. No event follows.
    func close()
}

extension RecognitionSession {
    package func pauseUtterance(_ id: UtteranceID) {}
    package func resumeUtterance(_ id: UtteranceID) {}
}
