/// Makes utterances out of the segments of a recognizer that hears a stream.
///
/// A vendor hears one endless stream and cuts it where it likes; our voice detector says where an utterance begins and
/// ends. An utterance's text is all final segments that lie in it, joined, plus whatever interim no final has replaced.
/// After its end a `Finalize` asks for the rest; the answer, or a deadline, completes it. Every utterance gets exactly
/// one terminal event. A value: positions are samples of the leg since the session began, `now` is time since then.
package struct SegmentAssembler: Sendable {
    package enum Action: Sendable, Equatable {
        case emit(RecognitionEvent)
    }

    /// The times this machine needs; see ``DeepgramConfiguration``.
    package struct Settings: Sendable, Equatable {
        package var provider = ""
        /// Hz.
        package var sampleRate = 8000
        package var preRoll = Duration.milliseconds(300)
        package var finalizeDeadline = Duration.milliseconds(500)
        package var settledFinalizeDeadline = Duration.milliseconds(200)
        package var answerDeadline = Duration.milliseconds(2200)
        /// The end of an utterance that our own detector knows to be silent: a turn ends only after such a pause.
        package var knownSilence = Duration.milliseconds(240)
        /// What our own detector has heard of silence when it reports a pause.
        package var pauseSilence = Duration.milliseconds(140)
        /// Longer stretches are never without any result.
        package var longestSilent = Duration.milliseconds(1500)
        /// More than this, sent again at the vendors' pace, would come too late: what interims have said then counts.
        package var longestReplay = Duration.milliseconds(1000)
        /// The end of an interim, which the vendor may still change its mind about.
        package var unsettled = Duration.milliseconds(400)

        package init() {}
    }

    private let settings: Settings
    /// Oldest first. The last one may still be spoken; those before it await their result.
    private var utterances: [SegmentedUtterance] = []
    /// Where the latest utterance ended; the next one's pre-roll does not reach back over it.
    private var lastEnd = 0
    /// Where in the leg the connection's first sample lies.
    private var connectionStart = 0
    /// Up to here every word is final.
    package private(set) var finalizedPosition = 0
    /// Results that could not be true.
    package private(set) var implausibleCount = 0

    package init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

    // MARK: What the call says

    /// The caller began to speak; `position` is where the leg is.
    package mutating func begin(_ id: UtteranceID, at position: Int) {
        let start = max(position - samples(settings.preRoll), lastEnd, 0)
        utterances.append(SegmentedUtterance(id: id, start: start))
    }

    /// The utterance ends at `position`.
    package mutating func finish(_ id: UtteranceID, at position: Int, now: Duration) -> [Action] {
        guard let index = utterances.firstIndex(where: { $0.id == id }), utterances[index].end == nil else { return [] }
        utterances[index].end = position
        utterances[index].deadline = now + settings.answerDeadline
        lastEnd = max(lastEnd, position)
        return isCovered(utterances[index]) ? [complete(index)] : []
    }

    /// The caller fell silent at `position`, perhaps only for a moment: from here on the words are told once the results reach
    /// as far as the voice did.
    package mutating func pause(_ id: UtteranceID, at position: Int) -> [Action] {
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return [] }
        utterances[index].pause = position
        return provisional(index, isChanged: false).map { [$0] } ?? []
    }

    /// The caller went on.
    package mutating func resume(_ id: UtteranceID) {
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return }
        utterances[index].pause = nil
    }

    package mutating func cancel(_ id: UtteranceID) {
        utterances.removeAll { $0.id == id }
    }

    // MARK: What the connection says

    /// A new connection, whose first sample is the leg's sample `position`.
    package mutating func connected(at position: Int) {
        connectionStart = position
    }

    /// The connection is gone, and with it every `Finalize` under way and every interim; but of a long one the words that were
    /// settled stay, for vendors take audio little faster than it was spoken, and the caller waits.
    ///
    /// - Parameter position: where the leg is.
    /// - Returns: where audio must be sent again from, if anybody waits for words.
    package mutating func disconnected(at position: Int) -> Int? {
        if let oldest = oldestNeeded, position - oldest > samples(settings.longestReplay),
            let kept = utterances[0].keepInterim(until: utterances[0].reported - samples(settings.unsettled))
        {
            finalizedPosition = max(finalizedPosition, kept)
        }
        for index in utterances.indices {
            utterances[index].interim = nil
            utterances[index].reported = min(utterances[index].reported, finalizedPosition)
            utterances[index].isFinalizeSent = false
            utterances[index].finalizeDeadline = nil
        }
        return oldestNeeded
    }

    /// The oldest audio that a new connection would have to be sent; nil where nobody waits for words.
    package var oldestNeeded: Int? { utterances.first.map { max($0.start, finalizedPosition) } }

    /// No connection is to be had: whoever waits is answered with what there is.
    package mutating func gaveUp(_ error: SpeechError) -> [Action] {
        let open = utterances
        utterances = []
        return open.map { utterance in
            guard utterance.end != nil, let transcript = utterance.transcript else {
                return .emit(.failed(utterance.id, error))
            }
            return .emit(.final(transcript))
        }
    }

    /// The position after which a `Finalize` must go out before any further audio.
    package var nextFinalize: Int? {
        utterances.first { $0.end != nil && !$0.isFinalizeSent }?.end
    }

    /// Where the first utterance begins whose end is still to be sent.
    package var nextStart: Int? { utterances.first { !$0.isFinalizeSent }?.start }

    /// The `Finalize` for ``nextFinalize`` is on its way.
    package mutating func finalizeSent(now: Duration) {
        guard let index = utterances.firstIndex(where: { $0.end != nil && !$0.isFinalizeSent }) else { return }
        let wait = utterances[index].isSettled ? settings.settledFinalizeDeadline : settings.finalizeDeadline
        utterances[index].isFinalizeSent = true
        utterances[index].finalizeDeadline = now + wait
    }

    package mutating func received(_ results: RecognizedSegment) -> [Action] {
        guard results.isPlausible else {
            implausibleCount += 1
            return []
        }
        let start = connectionStart + samples(seconds: results.start)
        let end = start + samples(seconds: results.duration)
        if results.isFinal { finalizedPosition = max(finalizedPosition, end) }
        var actions: [Action] = []
        if let index = owner(start: start, end: end) {
            utterances[index].reported = max(utterances[index].reported, end)
            let segment = utterances[index].segment(
                of: results, connectionStart: connectionStart, sampleRate: settings.sampleRate)
            let interim = utterances[index].take(segment, results)
            if let action = provisional(index, isChanged: interim != nil) {
                actions.append(action)
            } else if let interim {
                actions.append(.emit(.interim(interim)))
            }
            if let probability = results.endOfTurn, (0...1).contains(probability) {
                actions.append(.emit(.endOfTurn(utterances[index].id, probability: probability)))
            }
        }
        // The end must lie in the utterance, else this answers the Finalize of an earlier one that waited no longer.
        if results.fromFinalize,
            let index = utterances.firstIndex(where: {
                $0.isFinalizeSent && end > $0.start + samples(.milliseconds(20))
            })
        {
            actions.append(complete(index))
        }
        while let index = utterances.firstIndex(where: isCovered) { actions.append(complete(index)) }
        return actions
    }

    /// Whether the vendor fell silent so long before the end of an utterance that its silence says nothing of the caller's.
    private func isUnanswered(_ utterance: SegmentedUtterance) -> Bool {
        guard let end = utterance.end else { return false }
        return end - max(utterance.reported, utterance.start) > samples(settings.longestSilent)
    }

    /// Whether every word of a finished utterance is final.
    private func isCovered(_ utterance: SegmentedUtterance) -> Bool {
        guard let end = utterance.end else { return false }
        return finalizedPosition >= end - (utterance.isSettled ? samples(settings.knownSilence) : 0)
    }

    // MARK: Time

    /// When ``expire(now:)`` should be called next.
    package var nextDeadline: Duration? {
        utterances.lazy.compactMap(\.nextDeadline).min()
    }

    /// Answers the utterances that have waited long enough with what there is.
    package mutating func expire(now: Duration) -> [Action] {
        var actions: [Action] = []
        while let index = utterances.firstIndex(where: { $0.nextDeadline.map { $0 <= now } ?? false }) {
            actions.append(
                complete(index, isLate: !utterances[index].isFinalizeSent || isUnanswered(utterances[index])))
        }
        return actions
    }

    /// Where the utterance now spoken began, if one is.
    package var speakingSince: Int? { utterances.last.flatMap { $0.end == nil ? $0.start : nil } }

    /// Whether anybody waits for words.
    package var isIdle: Bool { utterances.isEmpty }

    // MARK: Inside

    private mutating func provisional(_ index: Int, isChanged: Bool) -> Action? {
        utterances[index].provisional(isChanged: isChanged, within: samples(settings.pauseSilence))
            .map { .emit(.provisional($0)) }
    }

    private mutating func complete(_ index: Int, isLate: Bool = false) -> Action {
        let utterance = utterances.remove(at: index)
        if let transcript = utterance.transcript { return .emit(.final(transcript)) }
        guard isLate else { return .emit(.nothingHeard(utterance.id)) }
        return .emit(
            .failed(
                utterance.id,
                SpeechError(
                    .deadlineExceeded, operation: "Finalize", provider: settings.provider,
                    detail: utterance.isFinalizeSent ? "no result came" : "the audio could not be sent in time")))
    }

    /// The utterance that shares most with a stretch of audio.
    private func owner(start: Int, end: Int) -> Int? {
        var best: (index: Int, overlap: Int)?
        for (index, utterance) in utterances.enumerated() {
            let overlap = min(end, utterance.end ?? .max) - max(start, utterance.start)
            if overlap > best?.overlap ?? 0 { best = (index, overlap) }
        }
        return best?.index
    }

    private func samples(_ duration: Duration) -> Int { samples(seconds: duration / .seconds(1)) }

    private func samples(seconds: Double) -> Int { Int((seconds * Double(settings.sampleRate)).rounded()) }
}
