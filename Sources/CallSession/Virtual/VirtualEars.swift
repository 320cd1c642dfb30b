package import Speech

/// A recognizer in virtual time: asked at a position, it says what it makes of the caller and how much later that is known.
///
/// Positions are samples since the media started.
package protocol VirtualEars: AnyObject {
    /// The caller began to speak; what is said from shortly before `now` on belongs to `id`.
    func begin(_ id: UtteranceID, context: String, at now: Int)

    /// The words known so far of the utterance under way; nil where nothing is new. Asked at every beat.
    func interim(at now: Int) -> String?

    /// What the result would be if the utterance were over; nil where the recognizer does not say.
    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing?

    /// The caller went on after a pause that did not end the utterance.
    func resume(_ id: UtteranceID, at now: Int)

    /// The utterance is over: its `final`, `nothingHeard` or `failed`.
    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing

    /// Nobody wants it any more.
    func cancel(_ id: UtteranceID, at now: Int)
}

extension VirtualEars {
    /// Ears that know what will be said need not be told.
    package func resume(_ id: UtteranceID, at now: Int) {}
}

/// A recognizer's result, and when it has it.
package struct VirtualHearing: Sendable {
    package var event: RecognitionEvent
    package var delay: Duration

    package init(_ event: RecognitionEvent, after delay: Duration) {
        self.event = event
        self.delay = delay
    }
}
