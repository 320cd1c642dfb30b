import Speech
import Telephony

/// The agent's voice: sentences are synthesised one after the other, and wait in the playout queue.
extension VirtualCall {
    func synthesizeNext() {
        isSynthesizing = !speechQueue.isEmpty
        if isSynthesizing { errands.append(.synthesize(speechQueue.removeFirst())) }
    }

    func synthesize(_ speech: PendingSpeech, _ voice: any SynthesisSession) async {
        var ready = now + delays.synthesis.samples
        if let prepared, prepared.text == speech.text {
            ready = max(prepared.at, now)
            self.prepared = nil
            note(.speculated(wasUsed: true, characters: speech.text.count))
        } else {
            discardPrepared()
        }
        do {
            var audio: [UInt8] = []
            for try await chunk in voice.synthesize(speech.text) { audio += chunk }
            schedule.add(.speech(speech.segment, audio), at: ready)
        } catch { schedule.add(.speechFailed(speech.segment, reason: "\(error)"), at: ready) }
    }

    func discardPrepared() {
        guard let unused = prepared else { return }
        prepared = nil
        note(.speculated(wasUsed: false, characters: unused.text.count))
    }

    func fillPlayout() {
        guard !backlog.isEmpty, let reply = playing else { return }
        let waiting = backlog
        backlog.removeFirst(playout.append(waiting.span, generation: reply.queued))
        if backlog.isEmpty { completeIfSpoken() }
        pump()
    }

    func completeIfSpoken() {
        guard speechQueue.isEmpty, !isSynthesizing, backlog.isEmpty, let reply = playing,
            conversation.isFullySpoken(reply.generation)
        else { return }
        playout.complete(generation: reply.queued)
        pump()
    }

    func pump() {
        while let step = playout.tick(now: now, audio: &outgoing) {
            switch step {
            case .audio, .tail:
                let piece = outgoing
                line.play(piece.span, at: now)
                ear.echo.played(piece.span, at: now + playout.ahead(at: now) - piece.count)
                guard let reply = playing, !reply.isAudible else { break }
                playing?.isAudible = true
                deliver(.playoutStarted(generation: reply.generation))
            case .mark(let mark): line.mark(mark, at: now)
            case .underrun:
                if isSynthesizing { underruns += 1 }
                fellSilent(heard: playout.report(at: now).heard)
            case .finished(let report): fellSilent(heard: report.heard)
            }
        }
    }

    func fellSilent(heard: Int) {
        guard let reply = playing, reply.isAudible else { return }
        playing?.isAudible = false
        deliver(.playoutDrained(generation: reply.generation, heard: heard))
    }

    func clearPlayout(_ generation: Int) {
        backlog = []
        guard let reply = playing, reply.generation == generation else {
            return deliver(.playoutCleared(generation: generation, heard: 0))
        }
        playing = nil
        let report = playout.clear(newGeneration: reply.afterwards, at: now, ending: &outgoing)
        cutAtCarrier()
        deliver(.playoutCleared(generation: generation, heard: report.heard))
    }

    func cutAtCarrier() {
        line.clear(at: now)
        ear.echo.silenced(from: now)
        let ending = outgoing
        if !ending.isEmpty { line.play(ending.span, at: now) }
    }
}
