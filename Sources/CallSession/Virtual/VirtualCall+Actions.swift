import Agent
import Speech
import Telephony

/// What the reducer asks for, done or begun.
extension VirtualCall {
    func perform(_ action: ConversationAction) {
        switch action {
        case .startRecognition(let id, let context):
            isListening = true
            ears.begin(id, context: context, at: now)
        case .pauseRecognition(let id): hear(ears.pause(id, at: now))
        case .resumeRecognition(let id): ears.resume(id, at: now)
        case .finishRecognition(let id):
            isListening = false
            hear(ears.finish(id, at: now))
        case .cancelRecognition(let id):
            isListening = false
            ears.cancel(id, at: now)

        case .preview(let id, let turn, _): errands.append(.preview(id, turn))
        case .prepareSpeech(let text): prepared = (text, now + delays.synthesis.samples)
        case .discardPreparedSpeech: discardPrepared()

        case .startReply(let generation, let input): errands.append(.startReply(generation: generation, input))
        case .cancelReply:
            reply = nil
            speechQueue.removeAll()
            isSynthesizing = false
            schedule.cancelReply()
            errands.removeAll {
                switch $0 {
                case .startReply, .nextOutput, .synthesize: true
                case .preview: false
                }
            }
        case .cutReply(let heard): heardOfLastReply = heard
        case .synthesize(let segment, let text):
            speechQueue.append(PendingSpeech(segment: segment, text: text))
            if !isSynthesizing { synthesizeNext() }
        // A virtual call has one voice.
        case .changeVoice: break

        case .pausePlayout:
            playout.hold(at: now, ending: &outgoing)
            cutAtCarrier()
        case .resumePlayout:
            playout.resume()
            pump()
        case .clearPlayout(let generation): clearPlayout(generation)

        case .whisper(let text): whispers.append(text)
        // Its ears and voice do not break.
        case .reopenSpeech: break
        // Only an operator's command leads here, and a virtual call has no operator.
        case .connectOperator, .disconnectOperator: break
        case .press(let keys):
            if keys.count <= ToneSender.limit, keys.allSatisfy({ KeyTone.samples($0) != nil }) {
                line.press(keys, at: now)
            } else {
                note(.incident(kind: "keys", detail: "\"\(keys)\" are no keys that can be sent"))
            }
        case .transfer(let destination, _):
            let outcome: ConversationEvent =
                if let objection = transfer(destination) {
                    .transferFailed(reason: objection)
                } else {
                    .hungUp(reason: "transferred")
                }
            schedule.add(.event(outcome), at: now + delays.hangUp.samples)
        // A person of a virtual call takes every caller whom the carrier would take.
        case .callPerson(let request):
            let outcome: ConversationEvent =
                if let objection = transfer(request.destination) {
                    .person(.failed(reason: objection))
                } else {
                    .hungUp(reason: "transferred")
                }
            schedule.add(.event(outcome), at: now + delays.hangUp.samples)
        case .endPerson: break
        // What its line records is decided by whoever simulates.
        case .startRecording, .stopRecording, .pauseRecording, .resumeRecording: break
        case .hangUp(let reason):
            schedule.add(.event(.hungUp(reason: reason)), at: now + delays.hangUp.samples)
        case .note(let what): note(what)
        }
    }

    func hear(_ hearing: VirtualHearing?) {
        guard let hearing else { return }
        let event: ConversationEvent =
            switch hearing.event {
            case .interim(let transcript): .interim(transcript.utterance, text: transcript.text)
            case .provisional(let transcript): .provisional(transcript)
            case .final(let transcript): .transcript(transcript)
            case .nothingHeard(let id): .nothingHeard(id)
            case .taken(let id): .turnTaken(id)
            case .endOfTurn(let id, let probability): .endOfTurnLikely(id, probability: probability)
            case .failed(let id, let error):
                .recognitionFailed(id ?? conversation.utterance, reason: error.description)
            }
        schedule.add(.event(event), at: now + hearing.delay.samples)
    }

    // MARK: Errands

    func runErrands(_ voice: any SynthesisSession) async {
        while !errands.isEmpty {
            switch errands.removeFirst() {
            case .startReply(let generation, let input): await startReply(generation, to: input)
            case .nextOutput(let generation): await fetchOutput(generation)
            case .preview(let id, let turn):
                let preview = await plan.dialogue.preview(of: withheld.reveal(turn))
                let event = ConversationEvent.previewed(
                    id, text: turn.text, preview?.completeness, firstSentence: preview?.firstSentence)
                schedule.add(.event(event), at: now + delays.reply.samples)
            case .synthesize(let speech): await synthesize(speech, voice)
            }
        }
    }

    func startReply(_ generation: Int, to input: DialogueInput) async {
        let input =
            if case .callStarted = input { DialogueInput.callStarted(plan.facts) } else { withheld.reveal(input) }
        if let heard = heardOfLastReply { await plan.dialogue.cutLastReply(toHeard: heard) }
        heardOfLastReply = nil
        for whisper in whispers { await plan.dialogue.whisper(whisper) }
        whispers = []
        reply = Reply(generation: generation, outputs: plan.dialogue.reply(to: input).makeAsyncIterator())
        await fetchOutput(generation)
    }

    func fetchOutput(_ generation: Int) async {
        guard var run = reply, run.generation == generation else { return }
        do {
            guard let output = try await run.outputs.next(isolation: #isolation) else {
                reply = nil
                return schedule.add(.event(.replyFinished(generation: generation)), at: now)
            }
            var delay = run.hasSpoken ? 0 : delays.reply.samples
            if case .toolFinished = output { delay += delays.tool.samples }
            run.hasSpoken = true
            reply = run
            schedule.add(.output(output, generation: generation), at: now + delay)
        } catch {
            reply = nil
            schedule.add(.event(.replyFailed(generation: generation, reason: "\(error)")), at: now)
        }
    }
}
