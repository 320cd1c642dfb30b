import AudioCore
import Networking
import Speech
import Telephony

/// The per-frame paths: caller audio in, agent audio out. Nothing here allocates, locks, logs or awaits in the steady state.
extension CallSession {
    /// One message of the carrier.
    func received(_ bytes: Span<UInt8>, _ kind: MediaMessageKind) {
        do {
            let event = try line.receive(bytes, kind)
            send()
            guard !isFinished else { return }
            switch event {
            case .media: while let frame = line.nextFrame() { callerAudio(timestamp: frame.timestamp) }
            case .mark(let name):
                guard let mark = PlayoutMark(name) else { return }
                playout.markReturned(mark, at: position)
                pump()
            case .keyPressed(let key):
                lastSignalledKey = position
                deliver(.keyPressed(String(key)))
            case .complained(let words): deliverFault(MediaError(.complaint, subject: "a message", reason: words))
            case .stopped: deliver(.hungUp(reason: Self.peerHungUp))
            case .connected, .started, .ignored: break
            }
        } catch {
            // One bad message is the carrier's fault and not worth a call; it is noted and the next one is read.
            deliverFault(error)
        }
    }

    /// The 20 ms beat.
    func tick() {
        tellSynthesized()
        let now = position
        keepSecrets(at: now)
        while ear.fillMissing(now: now) { if let event = ear.listen() { deliver(event) } }
        if let event = ear.poll(now: now) { deliver(event) }
        while let due = conversation.dueTimer(at: now) { deliver(due) }
        sendTones(at: now)
        hearOperator(at: now)
        followVoiceOver(at: now)
        playout.lead = leadControl.lead
        pump()
        playAmbience(at: now)
        levels.fade()
        feedTaps(now: now)
        checkLiveness(at: now)
        drainTimeline(now: now, end: nil)
        if let waiting = room, playout.free > 16_000 {
            room = nil
            waiting.resume()
        }
    }

    private func callerAudio(timestamp: Int?) {
        let now = position
        let audio = line.callerAudio
        let start = ear.place(timestamp: timestamp, count: audio.count, now: now)
        leadControl.arrived(late: now - start - audio.count)
        recognition?.inlet.write(audio.span)
        recognition?.audioArrived()
        turnSound?.hear(audio.span)
        // Where nothing is written there is silence, so that what follows keeps its place.
        if !withheld.isWithholding(in: conversation) { timeline?.writeCaller(audio.span, at: start) }
        levels.callerSaid(audio.span)
        passOn(audio)
        var index = 0
        while ear.fill(from: audio.span, &index) {
            if let key = keyTones?.process(ear.frame.samples.span), now - lastSignalledKey > 4000 {
                // A line that signals keys may let their tones through as well.
                deliver(.keyPressed(String(key)))
            }
            if conversation.isFindingOut, let tone = toneWatch.process(ear.frame.samples.span) {
                deliver(.lineTone(tone))
            }
            if let event = ear.listen() { deliver(event) }
        }
    }

    /// Sends what is due of the agent's audio.
    func pump() {
        guard !tones.isActive else { return }
        while case let now = position, let step = playout.tick(now: now, audio: &outgoing) {
            switch step {
            case .audio, .tail:
                mixBehindVoice()
                line.write(audio: outgoing.span)
                send()
                let place = now + playout.ahead(at: now) - outgoing.count
                timeline?.writeAgent(outgoing.span, at: place)
                ear.echo.played(outgoing.span, at: place)
                levels.agentSaid(outgoing.span)
                becameAudible()
            case .mark(let mark):
                line.write(.mark(mark))
                send()
            case .underrun:
                if speechTask != nil {
                    underruns += 1
                    leadControl.ranDry()
                }
                fellSilent(heard: playout.report(at: now).heard)
            case .finished(let report): fellSilent(heard: report.heard)
            }
        }
    }

    /// Sends what is heard where the agent says nothing.
    private func playAmbience(at now: Int) {
        // Whoever is being joined with the person hears them, and no music.
        if holdSound != nil, operatorLine == nil { return playHold(at: now) }
        let isNeeded = line.capabilities.wantsSilence
        guard ambience != nil || isNeeded else { return }
        let owes =
            switch conversation.silenceReason?.kind {
            case .agentThinks, .recognizerWorks: true
            default: false
            }
        ambience?.advance(owes: owes, at: now)
        guard !tones.isActive, operatorLine == nil || isNeeded, ambience?.isAudible == true || isNeeded else { return }
        let count = playout.takeRoom(upTo: min(ambienceLead, playout.lead), orWhileStarved: isNeeded, at: now)
        guard count > 0 else { return }
        outgoing.removeAll(keepingCapacity: true)
        outgoing.append(contentsOf: repeatElement(StereoTimeline.silence, count: count))
        ambience?.mix(into: &outgoing)
        line.write(audio: outgoing.span)
        send()
        let place = now + playout.ahead(at: now) - count
        timeline?.writeAgent(outgoing.span, at: place)
        ear.echo.played(outgoing.span, at: place)
    }

    /// Three beats, so that one may be late; speech that comes waits for no more.
    var ambienceLead: Int { max(480, line.capabilities.message.least * 16) }

    /// Has the carrier drop what it holds, and play `outgoing`, the end of what it was saying, instead.
    func cutAtCarrier() {
        let now = position
        line.write(.clear)
        send()
        guard line.capabilities.clears else { return }
        timeline?.silenceAgent(from: now)
        ear.echo.silenced(from: now)
        guard !outgoing.isEmpty else { return }
        line.write(audio: outgoing.span)
        send()
        timeline?.writeAgent(outgoing.span, at: now)
    }

    /// Sends what the line has written.
    func send() {
        // A carrier that does not read is closed by the socket's own bound; its end arrives as `closed`.
        line.drain { message, kind in
            switch kind {
            case .text: socket.send(text: message)
            case .binary: socket.send(binary: message)
            }
        }
    }

    /// For people who watch the call at its other end.
    func show(_ command: MediaCommand) {
        guard line.capabilities.takesCaptions else { return }
        line.write(command)
        send()
    }

    private func becameAudible() {
        guard let reply = playing, !reply.isAudible else { return }
        playing?.isAudible = true
        show(.state(.speaking))
        deliver(.playoutStarted(generation: reply.generation))
    }

    private func fellSilent(heard: Int) {
        guard let reply = playing, reply.isAudible else { return }
        playing?.isAudible = false
        tellSynthesized()
        show(.state(.listening))
        deliver(.playoutDrained(generation: reply.generation, heard: heard))
    }

    func drainTimeline(now: Int, end: Int?) {
        while let block = timeline?.takeBlock(now: now, end: end) {
            if let recording, let block = gate.pass(block) { services.recordings.append(block, to: recording) }
        }
    }

    /// What is said while a secret is asked for is in no recording, on neither side: people repeat what they hear.
    private func keepSecrets(at now: Int) {
        guard withheld.isWithholding(in: conversation) else { return gate.resume(at: now, after: .withheld) }
        gate.pause(at: now, for: .withheld)
    }

    /// The check from outside the reducer: silence must have a reason that is not long past.
    private func checkLiveness(at now: Int) {
        let reason = conversation.silenceReason
        if let reason, reason.deadline == .max || now < reason.deadline + 8000 { return }
        deliver(.livenessLost)
    }

    private func deliverFault(_ error: MediaError) {
        let isTooMany = badMessages.add(at: position)
        // Once is a note; hundreds are the same note.
        if badMessages.count == 1 {
            plan.observer(.note(position: position, .incident(kind: "media", detail: error.description)))
        }
        if isTooMany { socket.close(code: 1002, reason: "too many malformed messages") }
    }
}

/// The reply whose audio is in the playout queue.
struct PlayingReply: Sendable {
    let generation: Int
    var isAudible = false

    /// Its number in the queue.
    var queued: UInt32 { UInt32(generation) * 2 }
    /// The number that the queue holds after the reply was cleared and before the next one begins.
    var afterwards: UInt32 { queued + 1 }
}
