package import AudioCore
import Networking
import Synchronization

/// The call's ears: utterances go to the model as they are, and their words come back from it.
extension RealtimeCall {
    /// Audio from before a voice was certain to be one.
    static let preRoll = 4000
    /// As a call cuts an utterance after 25 s, with what was before it.
    static let longestUtterance = 32 * 8000
    static let longestFrame = 1600
    /// 60 ms: three of the leg's frames.
    private static let frame = 480

    func audioArrived() {
        if loop.isCurrent {
            if inlet.count >= Self.frame { drain() }
            return
        }
        guard !isDrainPosted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        loop.post { self.drainPosted() }
    }

    private func drainPosted() {
        isDrainPosted.store(false, ordering: .releasing)
        drain()
    }

    private func drain() {
        audio.drain(inlet, keeping: utterance?.start)
        pumpAudio()
    }

    func beginUtterance(_ id: UtteranceID) {
        onLoop { call in
            call.audio.drain(call.inlet, keeping: call.utterance?.start)
            // What it has heard is not given again; what waited for a connection until the caller went on is not lost.
            var start = max(call.audio.end - Self.preRoll, call.audio.start, call.givenEnd)
            if let former = call.utterance {
                if former.end != nil { start = former.start }
                call.drop(former)
            }
            call.utterance = Outgoing(id: id, start: start, sent: start)
            call.pumpAudio()
        }
    }

    func finishUtterance(_ id: UtteranceID) {
        onLoop { call in
            call.audio.drain(call.inlet, keeping: call.utterance?.start)
            guard call.utterance?.id == id else { return }
            if case .ended(let error)? = call.link {
                call.utterance = nil
                call.recognized?(.failed(id, error))
                return
            }
            call.utterance?.end = call.audio.end
            call.pumpAudio()
        }
    }

    func cancelUtterance(_ id: UtteranceID) {
        onLoop { call in
            if let current = call.utterance, current.id == id {
                call.drop(current)
            } else {
                call.conversation.cancelled(id)
            }
        }
    }

    private func drop(_ outgoing: Outgoing) {
        utterance = nil
        if outgoing.sent > outgoing.start { for message in conversation.clear() { send(message) } }
    }

    /// Sends whole frames of the utterance, and what is left of one at its end. Of an utterance whose connection broke all is
    /// sent again.
    func pumpAudio() {
        guard case .open(let socket)? = link, utterance != nil else { return }
        if conversation.needsSetUp { perform(conversation.setUp()) }
        guard conversation.isOpen, var outgoing = utterance else { return }
        outgoing.sent = max(outgoing.sent, audio.start)
        let end = outgoing.end ?? audio.end
        while outgoing.sent < end {
            let count = min(outgoing.end == nil ? Self.frame : Self.longestFrame, end - outgoing.sent)
            if outgoing.end == nil, count < Self.frame { break }
            let messages = audio.withFrame(at: outgoing.sent, count: count) { conversation.append($0) }
            guard messages.allSatisfy({ socket.send(text: $0.utf8Span.span) == .queued }) else { break }
            outgoing.sent += count
        }
        utterance = outgoing
        guard outgoing.end != nil, outgoing.sent >= end else { return }
        utterance = nil
        givenEnd = end
        perform(conversation.committed(outgoing.id, now: now))
    }
}

/// Opens the ears of one call.
package struct RealtimeRecognizer: SpeechRecognizer {
    private let call: RealtimeCall

    package init(_ call: RealtimeCall) { self.call = call }

    package var capabilities: RecognizerCapabilities {
        RecognizerCapabilities(providesInterims: false, detectsEndOfTurn: false, isContinuous: false)
    }

    /// One session hears at a time: a new one is deaf to what was asked of the one before, and that one can close nothing.
    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        guard format == .telephone else {
            throw call.refusal("a leg in \(format) cannot be sent as it is; it must be 8 kHz µ-law")
        }
        return Session(call, life: call.begin(sink))
    }

    private final class Session: RecognitionSession {
        private let call: RealtimeCall
        private let life: Int

        init(_ call: RealtimeCall, life: Int) {
            self.call = call
            self.life = life
        }

        var inlet: SampleRing<UInt8> { call.inlet }
        func audioArrived() { call.audioArrived() }
        func beginUtterance(_ id: UtteranceID, context: String) { call.beginUtterance(id) }
        func finishUtterance(_ id: UtteranceID) { call.finishUtterance(id) }
        func cancelUtterance(_ id: UtteranceID) { call.cancelUtterance(id) }
        func close() { call.close(life: life) }
    }
}
