import Agent
import Speech
import Telephony

/// The agent's voice: segments are synthesised in order, one after the other, and wait in the playout queue.
extension CallSession {
    func speak(_ segment: SegmentID, text: String) {
        guard let voice else { return }
        speechQueue.append((PendingSpeech(segment: segment, text: text), voice))
        guard speechTask == nil || speechTask?.isCancelled == true else { return }
        let before = speechTask
        speechTask = Task {
            await before?.value
            await speakQueued()
        }
    }

    private func speakQueued() async {
        while !Task.isCancelled, !speechQueue.isEmpty {
            let (next, voice) = speechQueue.removeFirst()
            do {
                try await synthesize(next, in: voice)
                guard !Task.isCancelled else { return }
                tellSynthesized()
                let pace = try await voice.value.pace(of: next.text)
                guard !Task.isCancelled else { return }
                if let pace, !pace.isEmpty { deliver(.paced(next.segment, pace)) }
                deliver(.synthesisFinished(next.segment))
            } catch is CancellationError {
                return
            } catch {
                guard !Task.isCancelled else { return }
                tellSynthesized()
                deliver(.synthesisFailed(next.segment, reason: "\(error)"))
            }
            completeIfSpoken()
        }
        guard !Task.isCancelled else { return }
        speechTask = nil
    }

    /// What is said from now on is another agent's; what waits is still the former one's.
    func changeVoice(to agent: String) {
        // Told again after a reply that was given up.
        guard agent != speakingAgent, let other = plan.voiceOf(agent) else { return }
        speakingAgent = agent
        discardPreparedSpeech()
        if let voice { formerVoices.append(voice) }
        speaker = other
        voice = Task { try await other.open() }
    }

    /// Begins to synthesise what will probably be said next.
    func prepareSpeech(_ text: String) {
        guard let voice else { return }
        prepared = PreparedSpeech(text: text, voice: voice)
    }

    func discardPreparedSpeech() {
        guard let unused = prepared else { return }
        prepared = nil
        unused.cancel()
        plan.observer(.note(position: position, .speculated(wasUsed: false, characters: unused.text.count)))
    }

    /// The audio that was prepared, if it is of these words; of others it is let go.
    private func takePrepared(_ text: String) -> SynthesizedAudio? {
        guard let speech = prepared, speech.text == text else {
            discardPreparedSpeech()
            return nil
        }
        prepared = nil
        plan.observer(.note(position: position, .speculated(wasUsed: true, characters: text.count)))
        return speech.audio
    }

    private func synthesize(
        _ speech: PendingSpeech, in voice: Task<any SynthesisSession, any Error>
    ) async throws {
        let text = speech.text
        if speech.segment.index == 0 {
            let session = try await voice.value
            try Task.checkCancellation()
            speaking = session
            session.beginReply()
        }
        // What failed while nobody waited for it is no reason to leave the caller without an answer.
        let prepared = takePrepared(text).map { SynthesizedAudio($0) { try await voice.value.synthesize(text) } }
        let audio = if let prepared { prepared } else { try await voice.value.synthesize(text) }
        for try await chunk in audio {
            try Task.checkCancellation()
            if speakOver(chunk, of: speech.segment) { continue }
            let generation = speech.segment.generation
            if playing?.generation != generation {
                let reply = PlayingReply(generation: generation)
                playing = reply
                playout.begin(generation: reply.queued, at: position)
            }
            note(chunk.count, of: speech.segment)
            try await enqueue(chunk, generation: generation)
        }
    }

    /// Tells the reducer of a segment's first audio at once, and of the rest once a beat: a vendor that is quick sends a
    /// sentence as many small pieces.
    func note(_ samples: Int, of segment: SegmentID) {
        guard untold?.segment == segment else {
            tellSynthesized()
            untold = (segment, 0)
            return deliver(.synthesized(segment, samples: samples))
        }
        untold?.samples += samples
    }

    /// Tells the reducer of the audio that it does not know of.
    func tellSynthesized() {
        guard let (segment, samples) = untold, samples > 0 else { return }
        untold?.samples = 0
        deliver(.synthesized(segment, samples: samples))
    }

    /// Puts a chunk into the queue, waiting for room when the agent is far ahead of its own voice.
    private func enqueue(_ chunk: [UInt8], generation: Int) async throws {
        var offered = 0
        while let reply = playing, reply.generation == generation, offered < chunk.count {
            offered += playout.append(chunk.span.extracting(offered...), generation: reply.queued)
            pump()
            guard offered < chunk.count else { return }
            await withCheckedContinuation { room = $0 }
            try Task.checkCancellation()
        }
    }

    /// Tells the queue that the reply has no more audio, once the reducer knows it too.
    func completeIfSpoken() {
        guard speechQueue.isEmpty, let reply = playing, conversation.isFullySpoken(reply.generation) else { return }
        playout.complete(generation: reply.queued)
        pump()
    }
}

/// A sentence that waits for its voice.
struct PendingSpeech: Sendable {
    let segment: SegmentID
    let text: String
}
