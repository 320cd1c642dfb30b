import Agent
import Networking
import Speech
import Telephony

/// What the reducer asks for, done.
extension CallSession {
    func perform(_ action: ConversationAction) {
        switch action {
        case .startRecognition(let id, let context):
            turnSound?.begin()
            recognition?.beginUtterance(id, context: context)
        case .pauseRecognition(let id):
            recognition?.pauseUtterance(id)
            judgeEnd(of: id)
        case .resumeRecognition(let id):
            withdrawQuestion()
            forgetPrepared()
            recognition?.resumeUtterance(id)
        case .finishRecognition(let id):
            withdrawQuestion()
            guard let recognition else { return deliver(.recognitionFailed(id, reason: "there is no recognizer")) }
            recognition.finishUtterance(id)
        case .cancelRecognition(let id): recognition?.cancelUtterance(id)
        case .reopenSpeech: reopenSpeech()

        case .preview(let id, let turn, let areWhole): preview(id, turn, areWhole: areWhole)
        case .prepareSpeech(let text): prepareSpeech(text)
        case .discardPreparedSpeech: discardPreparedSpeech()

        case .startReply(let generation, let input): startReply(generation, to: input)
        case .cancelReply:
            replyTask?.cancel()
            speechTask?.cancel()
            speechQueue.removeAll()
            room?.resume()
            room = nil
        case .cutReply(let heard): heardOfLastReply = heard
        case .synthesize(let segment, let text):
            show(.caption(.agent, text: text, isFinal: false))
            speak(segment, text: text)
        case .changeVoice(let agent): changeVoice(to: agent)

        case .pausePlayout:
            playout.hold(at: position, ending: &outgoing)
            cutAtCarrier()
        case .resumePlayout:
            playout.resume()
            pump()
        case .clearPlayout(let generation): clearPlayout(generation)

        case .whisper(let text): keepWhisper(text)
        case .connectOperator(let generation): connectOperator(generation: generation)
        case .disconnectOperator(let reason): disconnectOperator(reason)

        case .press(let keys):
            guard !press(keys) else { break }
            plan.observer(
                .note(position: position, .incident(kind: "keys", detail: "\"\(keys)\" are no keys that can be sent")))
        case .transfer(let destination, _): transfer(to: destination)
        case .callPerson(let request): callPerson(request)
        case .endPerson(let reason): plan.people?.end(reason)
        case .startRecording: gate.open(at: position)
        case .stopRecording(let deletes):
            gate.close(at: position)
            if deletes, let recording { services.recordings.discard(recording) }
        case .pauseRecording: gate.pause(at: position, for: .operator)
        case .resumeRecording: gate.resume(at: position, after: .operator)
        case .hangUp(let reason): hangUp(reason)
        case .note(let note):
            switch note {
            case .callerTurn(let turn), .callerWords(let turn):
                if !turn.text.isEmpty { show(.caption(.caller, text: turn.text, isFinal: true)) }
            case .agentTurn(let turn): show(.caption(.agent, text: turn.heard, isFinal: true))
            default: break
            }
            plan.observer(.note(position: position, note))
        }
    }

    /// What the recognizer says.
    func heard(_ event: RecognitionEvent) {
        switch event {
        case .interim(let transcript):
            let words = withheld.shown(transcript.text, of: transcript.utterance, in: conversation)
            show(.caption(.caller, text: words, isFinal: false))
            deliver(.interim(transcript.utterance, text: transcript.text))
        case .provisional(let transcript):
            if !transcript.isOutOfTask {
                let words = withheld.shown(transcript.text, of: transcript.utterance, in: conversation)
                show(.caption(.caller, text: words, isFinal: false))
            }
            deliver(.provisional(transcript))
        case .final(let transcript): deliver(.transcript(transcript))
        case .nothingHeard(let id): deliver(.nothingHeard(id))
        case .taken(let id): deliver(.turnTaken(id))
        case .failed(let id?, let error): deliver(.recognitionFailed(id, reason: error.description))
        case .failed(nil, let error):
            plan.observer(.note(position: position, .incident(kind: "recognition", detail: error.description)))
        case .endOfTurn(let id, let probability): deliver(.endOfTurnLikely(id, probability: probability))
        }
    }

    private func preview(_ id: UtteranceID, _ turn: CallerTurn, areWhole: Bool) {
        let dialogue = plan.dialogue
        // What the agent is saying may yet be cut, and the answer would begin from something else.
        let isOverAgent = playing?.isAudible == true
        let said = withheld.reveal(turn)
        Task {
            let preview = await dialogue.preview(of: said)
            deliver(.previewed(id, text: turn.text, preview?.completeness, firstSentence: preview?.firstSentence))
            guard areWhole, preview == nil, !isOverAgent, let firstSentence = await dialogue.prepare(for: said) else {
                return
            }
            deliver(.previewed(id, text: turn.text, nil, firstSentence: firstSentence))
        }
    }

    private func forgetPrepared() {
        let dialogue = plan.dialogue
        Task { await dialogue.forgetPrepared() }
    }

    private func startReply(_ generation: Int, to input: DialogueInput) {
        let isStart = if case .callStarted = input { true } else { false }
        let input = isStart ? plan.beginning : withheld.reveal(input)
        let history = isStart ? plan.history : nil
        let returned = isStart && (plan.returnReason != nil || history != nil) ? plan.facts : nil
        let (dialogue, before, heard, whispers) = (plan.dialogue, replyTask, heardOfLastReply, whispers)
        heardOfLastReply = nil
        self.whispers = []
        replyTask = Task {
            // A cancelled reply has let go of the dialogue before the next one begins.
            await before?.value
            if let history { await dialogue.recall(history) }
            if let returned {
                await dialogue.continueCall(as: returned.callID, traceparent: returned.traceparent)
            }
            if let heard { await dialogue.cutLastReply(toHeard: heard) }
            for whisper in whispers { await dialogue.whisper(whisper) }
            do {
                for try await output in dialogue.reply(to: input) {
                    deliver(ConversationEvent(output, generation: generation))
                }
                guard !Task.isCancelled else { return }
                deliver(.replyFinished(generation: generation))
                completeIfSpoken()
            } catch is CancellationError {
            } catch {
                deliver(.replyFailed(generation: generation, reason: "\(error)"))
            }
        }
    }

    private func clearPlayout(_ generation: Int) {
        if cutVoiceOver(generation) { return }
        guard let reply = playing, reply.generation == generation else {
            return deliver(.playoutCleared(generation: generation, heard: 0))
        }
        playing = nil
        let now = position
        let report = playout.clear(newGeneration: reply.afterwards, at: now, ending: &outgoing)
        cutAtCarrier()
        speaking?.cutReply(heard: report.heard)
        if reply.isAudible { show(.state(.listening)) }
        deliver(.playoutCleared(generation: generation, heard: report.heard))
    }

    private func transfer(to destination: String) {
        if let accepted = plan.accepted { return accepted(self) }
        guard line.capabilities.asksAfterwards else {
            return deliver(.transferFailed(reason: "a \(line.capabilities.name) call cannot be handed on"))
        }
        let (transfer, id) = (services.transfer, plan.carrierCallID)
        Task {
            if let objection = await transfer(id, destination) {
                deliver(.transferFailed(reason: objection))
            } else {
                deliver(.hungUp(reason: "transferred"))
            }
        }
    }

    /// Ends the call at the carrier, then closes the stream.
    private func hangUp(_ reason: String) {
        let (hangUp, id) = (services.hangUp, plan.carrierCallID)
        Task {
            await hangUp(id, reason)
            deliver(.hungUp(reason: reason))
        }
    }
}

extension CallPlan {
    /// What the dialogue is told first.
    fileprivate var beginning: DialogueInput {
        returnReason.map { .notReached(reason: $0) } ?? .callStarted(facts)
    }
}

extension ToolCall {
    init(_ call: ToolInvocation, _ outcome: ToolOutcome? = nil) {
        let (text, failed) =
            switch outcome {
            case .result(let value): (value.text, false)
            case .failure(let error): (error.description, true)
            case nil: ("", false)
            }
        self.init(id: call.id, name: call.name, arguments: call.arguments.text, outcome: text, failed: failed)
    }
}
