import Codecs

/// The agent's speech on its way to the carrier: bounded, paced, and accountable for what the caller heard.
///
/// Audio belongs to a generation, the number of one utterance, which the conversation counts. Only the current one is ever
/// sent; ``clear(newGeneration:at:)`` ends it and reports how much of it was heard, and whatever still arrives for it is
/// dropped. So an interruption is one number, and nothing depends on how soon the tasks behind the old utterance notice.
/// Speech that is held can go on from the very sample at which the caller stopped hearing it: what the carrier had not
/// played is taken back.
///
/// Time is an argument: a count of samples on the leg's clock that never goes back. ``tick(now:audio:)`` allocates
/// nothing once its buffer is large enough.
package struct PlayoutQueue: Sendable {
    private let configuration: Configuration
    private var ring: ByteRing
    private var marks = MarkLedger()
    private var clock = CarrierClock()
    private var lastMarkPosition = 0

    // Positions of the current generation, in samples of the whole stream.
    private var generationStart = 0
    private var appended = 0
    private var isComplete = false
    private var isReported = false
    private var isStarved = false
    /// What the caller hears where the utterance ran dry, once for each time, or was cut.
    private var tail = UnderrunTail()
    private var hasTail = false
    /// Samples that still have to be faded in.
    private var fadingIn = 0
    /// Silence that was sent after the last sample to fill up a message.
    private var padding = 0

    /// The most samples that wait at the carrier; never more than the configuration's longest.
    package var lead: Int {
        didSet { lead = min(max(lead, configuration.step), configuration.longestLead) }
    }

    /// Nothing is sent until ``resume()``.
    package private(set) var isHeld = false
    /// The utterance being played; 0 before the first.
    package private(set) var generation: UInt32 = 0
    /// Times that the carrier ran out of audio within an utterance.
    package private(set) var underrunCount = 0
    /// Samples of outdated generations that were dropped on arrival.
    package private(set) var staleCount = 0
    /// Samples refused because the queue was full.
    package private(set) var refusedCount = 0

    package init(_ configuration: Configuration = Configuration()) {
        precondition(configuration.capacity > 0 && configuration.lead > 0 && configuration.mostChunk > 0)
        precondition(configuration.step > 0 && configuration.mostChunk >= configuration.step)
        var configuration = configuration
        configuration.longestLead = max(configuration.longestLead, configuration.lead)
        self.configuration = configuration
        lead = configuration.lead
        // What the carrier holds can be taken back, and said again from where it was cut.
        ring = ByteRing(capacity: configuration.capacity, history: configuration.longestLead + configuration.mostChunk)
    }

    // MARK: Filling

    /// Begins the next utterance. Of the one before, nothing further is sent; what the carrier holds of it is played.
    ///
    /// - Parameters:
    ///   - generation: larger than any before.
    ///   - now: samples on the leg's clock.
    /// - Returns: what became of the utterance before.
    @discardableResult
    package mutating func begin(generation: UInt32, at now: Int) -> PlayoutReport {
        precondition(generation > self.generation, "generations only grow")
        let report = report(at: now)
        ring.removeAll()
        self.generation = generation
        generationStart = clock.sent
        appended = 0
        isComplete = false
        isReported = false
        isStarved = false
        tail.forget()
        hasTail = false
        isHeld = false
        fadingIn = 0
        padding = 0
        return report
    }

    /// Adds audio of an utterance.
    ///
    /// - Parameters:
    ///   - chunk: µ-law, one byte a sample.
    ///   - generation: the current one; with an outdated one the chunk vanishes.
    /// - Returns: samples taken; fewer than offered when the queue is full, then offer the rest again later.
    @discardableResult
    package mutating func append(_ chunk: Span<UInt8>, generation: UInt32) -> Int {
        guard generation == self.generation, !isComplete else {
            staleCount += chunk.count
            return chunk.count
        }
        if appended == 0 {
            // Whatever was sent since the generation began was not of it.
            generationStart = clock.sent
            padding = 0
        }
        let taken = ring.append(chunk)
        appended += taken
        refusedCount += chunk.count - taken
        return taken
    }

    /// Says that no more audio comes for an utterance; a mark will follow its last sample.
    package mutating func complete(generation: UInt32) {
        if generation == self.generation { isComplete = true }
    }

    /// Room for further samples.
    package var free: Int { ring.capacity - ring.count }

    // MARK: Playing

    /// What is to be done now. Call it again until it returns nil.
    ///
    /// - Parameters:
    ///   - now: samples on the leg's clock.
    ///   - audio: replaced by what is to be sent when the step is `.audio` or `.tail`.
    package mutating func tick(now: Int, audio: inout [UInt8]) -> PlayoutStep? {
        guard !isHeld else { return nil }
        let ahead = clock.ahead(at: now)
        if let mark = dueMark() { return .mark(mark) }
        if case let count = dueSamples(ahead: ahead), count > 0 {
            audio.removeAll(keepingCapacity: true)
            ring.take(count, appendingTo: &audio)
            if fadingIn > 0 { fadeIn(&audio) }
            fillUp(&audio)
            clock.send(audio.count, at: now)
            isStarved = false
            hasTail = false
            return .audio
        }
        if isRunningDry, ahead <= UnderrunTail.length, endSoftly(&audio, at: now) { return .tail }
        if isRunningDry, ahead == 0, !isStarved {
            isStarved = true
            underrunCount += 1
            return .underrun
        }
        if isOver(at: now) {
            isReported = true
            return .finished(report(at: now))
        }
        return nil
    }

    /// Makes room for something that is no speech, where no speech is due: before an utterance, after its end, and while one
    /// is held. The caller sends as many samples as this returns.
    ///
    /// - Parameters:
    ///   - wanted: samples that are to wait at the carrier. Speech that comes then begins that much later.
    ///   - orWhileStarved: also within an utterance of which nothing more has come yet, for peers that must not be left
    ///     without audio.
    ///   - now: samples on the leg's clock.
    package mutating func takeRoom(upTo wanted: Int, orWhileStarved: Bool = false, at now: Int) -> Int {
        let isWithin = isHeld || (orWhileStarved && isStarved && appended > 0 && !isReported)
        guard isWithin || appended == 0 || isReported else { return 0 }
        var count = wanted - clock.ahead(at: now)
        count -= count % configuration.step
        guard count > 0, count >= configuration.shortest else { return 0 }
        clock.send(count, at: now)
        // It counts as none of the utterance's.
        if isWithin { generationStart += count } else { padding += count }
        lastMarkPosition += count
        return count
    }

    /// Accounts for an echoed mark. One from before a clear, or an unknown one, is ignored.
    ///
    /// - Returns: whether the mark proved anything.
    @discardableResult
    package mutating func markReturned(_ mark: PlayoutMark, at now: Int) -> Bool {
        guard let position = marks.take(mark) else { return false }
        clock.prove(position, at: now)
        return true
    }

    /// Stops the current utterance at the sample the caller hears now; ``resume()`` goes on from it. The caller of this
    /// tells the carrier to clear, then sends `ending`.
    ///
    /// - Parameters:
    ///   - now: samples on the leg's clock.
    ///   - ending: replaced by what fades the speech out, so that the cut does not click; empty where nothing was heard.
    package mutating func hold(at now: Int, ending: inout [UInt8]) {
        ending.removeAll(keepingCapacity: true)
        guard !isHeld else { return }
        if configuration.clears { takeBack(at: now, ending: &ending) }
        isHeld = true
        isStarved = false
    }

    /// Goes on where ``hold(at:ending:)`` stopped, with a short fade.
    package mutating func resume() {
        guard isHeld else { return }
        isHeld = false
        fadingIn = configuration.fade
    }

    /// Ends the current utterance where it is, and begins the next. The caller of this tells the carrier to clear, then
    /// sends `ending`.
    ///
    /// - Parameters:
    ///   - newGeneration: larger than any before.
    ///   - now: samples on the leg's clock.
    ///   - ending: replaced by what fades the speech out; empty where it is silent already.
    /// - Returns: what became of the utterance.
    package mutating func clear(newGeneration: UInt32, at now: Int, ending: inout [UInt8]) -> PlayoutReport {
        // What the carrier does not give back is heard.
        let report = report(at: configuration.clears ? now : max(now, clock.end))
        ending.removeAll(keepingCapacity: true)
        if configuration.clears, !isHeld { takeBack(at: now, ending: &ending) }
        begin(generation: newGeneration, at: now)
        return report
    }

    /// Takes back of the current utterance what the carrier has not played.
    private mutating func takeBack(at now: Int, ending: inout [UInt8]) {
        let played = clock.played(at: now)
        let unheardTail = tail.unplayed(after: played)
        var unheard = min(clock.sent - played - unheardTail, clock.sent - generationStart)
        let silence = min(unheard, padding)
        padding -= silence
        unheard -= silence
        // The carrier echoes what marks it holds; they prove nothing any more.
        marks.removeAll()
        clock.clear(at: now)
        generationStart = min(generationStart - unheardTail, clock.sent)
        tail.forget()
        lastMarkPosition = clock.sent
        guard unheard > 0, ring.takeBack(unheard) > 0 else { return }
        // A fade of 10 ms is not worth the silence that makes a long message of it.
        guard configuration.takesEndings else { return }
        ring.peek(min(configuration.fade, unheard), appendingTo: &ending)
        LinearFade.scale(&ending, from: 0, over: ending.count, rising: false)
        ending.append(contentsOf: repeatElement(MuLaw.silence, count: configuration.missing(to: ending.count)))
        // What comes next is played behind it. It is said again where the utterance goes on.
        sendBeside(ending.count, at: now)
    }

    /// Accounts for samples that are sent and are none of the utterance's.
    private mutating func sendBeside(_ count: Int, at now: Int) {
        tail.put(at: clock.sent, count: count)
        clock.send(count, at: now)
        generationStart += count
        lastMarkPosition += count
    }

    private mutating func fadeIn(_ audio: inout [UInt8]) {
        LinearFade.scale(&audio, from: configuration.fade - fadingIn, over: configuration.fade, rising: true)
        fadingIn = max(fadingIn - audio.count, 0)
    }

    /// What became of the current utterance so far.
    package func report(at now: Int) -> PlayoutReport {
        let sent = max(clock.sent - generationStart - padding, 0)
        let played = clock.played(at: now)
        return PlayoutReport(
            generation: generation, appended: appended, sent: sent,
            heard: min(max(played + tail.unplayed(after: played) - generationStart, 0), sent))
    }

    /// Samples believed to wait at the carrier.
    package func ahead(at now: Int) -> Int { clock.ahead(at: now) }

    /// Whether an utterance is on its way: it has audio, and was neither played to its end nor cleared.
    package var isPlaying: Bool { appended > 0 && !isReported }

    // MARK: Decisions

    /// Whether the utterance is not over, and there is nothing to send of it.
    private var isRunningDry: Bool {
        ring.count < configuration.leastMessage && !isComplete && clock.sent > generationStart
    }

    /// Ends what the carrier holds softly, as by the next beat it may have run dry; not where messages have to be long.
    private mutating func endSoftly(_ audio: inout [UInt8], at now: Int) -> Bool {
        guard !hasTail, configuration.takesEndings else { return false }
        audio.removeAll(keepingCapacity: true)
        ring.recall(UnderrunTail.length, appendingTo: &audio)
        guard audio.count == UnderrunTail.length else { return false }
        UnderrunTail.shape(&audio)
        hasTail = true
        fadingIn = configuration.fade
        sendBeside(audio.count, at: now)
        return true
    }

    private func dueSamples(ahead: Int) -> Int {
        let room = min(lead - ahead, configuration.mostChunk)
        var count = min(room, ring.count, samplesToMark)
        let isLast = isComplete && count == ring.count
        if !isLast { count -= count % configuration.step }
        guard count > 0, isLast || count >= configuration.shortest else { return 0 }
        // Small messages only where there is nothing to wait for: the end, a mark, or a carrier about to run dry.
        let isWorthwhile =
            count >= min(configuration.leastChunk, max(lead / 2, configuration.shortest)) || count == samplesToMark
            || (isComplete && count == ring.count)
            || (count + configuration.step > ring.count && ahead < lead / 2)
        return isWorthwhile ? count : 0
    }

    /// Samples until the next mark within an utterance is due. Where messages have a rule it follows the one that passes
    /// the interval.
    private var samplesToMark: Int {
        guard configuration.hasMarks, configuration.step == 1 else { return .max }
        return configuration.markInterval - (clock.sent - lastMarkPosition)
    }

    /// Makes the last message of an utterance as long as messages have to be.
    private mutating func fillUp(_ audio: inout [UInt8]) {
        let missing = configuration.missing(to: audio.count)
        audio.append(contentsOf: repeatElement(MuLaw.silence, count: missing))
        padding += missing
    }

    private mutating func dueMark() -> PlayoutMark? {
        guard configuration.hasMarks else { return nil }
        let unmarked = clock.sent - lastMarkPosition
        let isAtEnd = isComplete && ring.count == 0 && !isReported
        guard unmarked > 0, unmarked >= configuration.markInterval || isAtEnd else { return nil }
        lastMarkPosition = clock.sent
        return marks.add(position: clock.sent, generation: generation)
    }

    private func isOver(at now: Int) -> Bool {
        guard isComplete, !isReported, ring.count == 0 else { return false }
        guard configuration.hasMarks else { return now >= clock.end }
        return marks.isEmpty || now >= clock.end + configuration.markPatience
    }
}
