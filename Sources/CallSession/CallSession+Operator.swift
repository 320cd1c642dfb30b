import Agent
import AudioCore
import Networking
import Speech
import Telephony

/// What people at the console do to the call.
extension CallSession {
    /// What waits to be told to the dialogue, at most; the oldest makes room.
    private static let mostWhispers = 20
    /// How long the last words of an operator who has let go are waited for.
    private static let lastWords = Duration.seconds(3)

    /// Somebody at the console acts on the call.
    package func operate(_ command: OperatorCommand) { deliver(.operated(command)) }

    /// Tells the agent something that the caller does not hear.
    ///
    /// - Returns: false when this agent can do nothing with it.
    package func whisper(_ text: String) async -> Bool {
        guard await plan.dialogue.takesWhispers else { return false }
        deliver(.operated(.whisper(text)))
        return true
    }

    func keepWhisper(_ text: String) {
        whispers.append(text)
        if whispers.count > Self.mostWhispers { whispers.removeFirst() }
    }

    // MARK: Taking over

    /// Gives the line to an operator. Any thread.
    ///
    /// - Parameter answer: told on the call's loop why they do not get it, nil when they do.
    package nonisolated func takeOver(_ leg: OperatorLeg, answer: @escaping @Sendable (TakeoverRefusal?) -> Void) {
        loop.post { self.assumeIsolated { answer($0.takeOver(leg)) } }
    }

    /// The operator lets go of the line, or, `wasLost`, is gone. Any thread.
    package nonisolated func letGo(_ leg: OperatorLeg, wasLost: Bool) {
        loop.post {
            self.assumeIsolated { session in
                guard session.operatorLine?.leg === leg else { return }
                session.deliver(.operated(.handBack(wasLost: wasLost)))
            }
        }
    }

    /// Whether an operator has the line.
    package var isTakenOver: Bool { operatorLine != nil }

    private func takeOver(_ leg: OperatorLeg) -> TakeoverRefusal? {
        guard case .open = conversation.phase else { return .over }
        guard operatorLine == nil else { return .taken }
        waitingOperator = leg
        deliver(.operated(.takeOver))
        return nil
    }

    func connectOperator(generation: Int) {
        guard let leg = waitingOperator else { return }
        waitingOperator = nil
        let now = position
        // What was being said is over; its queue goes to the operator.
        playing = nil
        let line = OperatorLine(
            leg, generation: UInt32(generation) * 2, detector: plan.voiceDetection.makeDetector(), at: now)
        playout.begin(generation: line.generation, at: now)
        operatorLine = line
        guard leg.isRecognized else { return }
        let loop = loop
        do {
            line.recognition = try (plan.operatorRecognizer ?? plan.recognizer).makeSession(
                format: .telephone, vocabulary: plan.vocabulary
            ) {
                [weak self] event in
                loop.post { [weak self] in self?.assumeIsolated { $0.heardOperator(event, of: leg) } }
            }
        } catch {
            // They are heard all the same; only the transcript lacks them.
            plan.observer(.note(position: now, .incident(kind: "recognition", detail: error.description)))
        }
    }

    func disconnectOperator(_ reason: String) {
        guard let line = operatorLine else { return }
        operatorLine = nil
        let now = position
        if line.droppedCount > 0 {
            let lost = "\(line.droppedCount / 8) ms of the operator's audio came too fast and were dropped"
            plan.observer(.note(position: now, .incident(kind: "takeover", detail: lost)))
        }
        line.leg.end(reason)
        formerOperator?.recognition?.close()
        formerOperator = nil
        guard let step = line.turns.finish(at: now), !isFinished else {
            line.recognition?.close()
            return
        }
        recognize(step, on: line)
        formerOperator = line
        loop.schedule(after: Self.lastWords) { [weak self, leg = line.leg] in
            self?.assumeIsolated { session in
                guard session.formerOperator?.leg === leg else { return }
                session.closeFormerOperator()
            }
        }
    }

    func closeFormerOperator() {
        formerOperator?.recognition?.close()
        formerOperator = nil
    }

    /// Takes what the operator has said since the last beat.
    func hearOperator(at now: Int) {
        guard let line = operatorLine else { return }
        let count = line.buffer.take(from: line.leg.inlet)
        if count == 0 {
            if now - line.lastAudio >= OperatorLine.patience { return deliver(.operated(.handBack(wasLost: true))) }
        } else {
            line.lastAudio = now
            if conversation.awaitsPersonsVoice { deliver(.person(.heard)) }
            listen(to: count, on: line, at: now)
        }
        if let step = line.turns.tick(at: now) { recognize(step, on: line) }
        let queued = services.playout.capacity - playout.free
        line.buffer.release(queued: queued, isDry: playout.ahead(at: now) == 0, into: &line.due)
        guard !line.due.isEmpty else { return }
        voiceOver?.mixForCaller(into: &line.due)
        playout.append(line.due.span, generation: line.generation)
    }

    /// - Parameter count: of the samples that have just arrived.
    private func listen(to count: Int, on line: OperatorLine, at now: Int) {
        let arrived = line.buffer.arrived
        line.recognition?.inlet.write(arrived.span.extracting(0..<count))
        line.recognition?.audioArrived()
        var index = 0
        while line.frame.fill(from: arrived.span.extracting(0..<count), &index) {
            let activity = line.detector.process(line.frame.samples.span)
            let offset = now - count + index - activity.position
            if let transition = activity.transition { noteOperator(transition, offset: offset, on: line) }
        }
        if let late = line.detector.poll(), let transition = late.transition {
            noteOperator(transition, offset: now - late.position, on: line)
        }
    }

    /// - Parameter offset: what makes a position of the detector one of the call's clock.
    private func noteOperator(_ transition: VoiceActivity.Transition, offset: Int, on line: OperatorLine) {
        let placed: VoiceActivity.Transition =
            switch transition {
            case .started(let sample): .started(at: max(sample + offset, 0))
            case .stopped(let sample): .stopped(at: max(sample + offset, 0))
            }
        if let step = line.turns.take(placed) { recognize(step, on: line) }
    }

    private func recognize(_ step: OperatorTurns.Step, on line: OperatorLine) {
        switch step {
        case .begin(let id): line.recognition?.beginUtterance(id, context: "")
        case .pause(let id): line.recognition?.pauseUtterance(id)
        case .resume(let id): line.recognition?.resumeUtterance(id)
        case .finish(let id): line.recognition?.finishUtterance(id)
        }
    }

    private func heardOperator(_ event: RecognitionEvent, of leg: OperatorLeg) {
        guard let line = [operatorLine, formerOperator].compactMap(\.self).first(where: { $0.leg === leg }) else {
            return
        }
        switch event {
        case .final(let transcript):
            guard let place = line.turns.takePlace(of: transcript.utterance), !transcript.text.isEmpty else { return }
            deliver(
                .operatorSaid(
                    OperatorWords(
                        text: transcript.text, confidence: transcript.confidence, started: place.started,
                        ended: place.ended)))
        case .nothingHeard(let id): _ = line.turns.takePlace(of: id)
        case .failed(let id, let error):
            if let id { _ = line.turns.takePlace(of: id) }
            plan.observer(.note(position: position, .incident(kind: "recognition", detail: error.description)))
        case .interim, .provisional, .endOfTurn, .taken: break
        }
    }
}
