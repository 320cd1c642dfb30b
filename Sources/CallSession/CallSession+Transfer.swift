import Agent
import AudioCore
import Networking
import Telephony

/// Warm transfers: a person's call is joined with the caller's, each as the operator of the other.
extension CallSession {
    /// What becomes of the person who is called for this caller. Any thread.
    package nonisolated func person(_ event: PersonEvent) {
        loop.post { self.assumeIsolated { $0.deliver(.person(event)) } }
    }

    /// The person takes the call: joins both lines, so that each hears the other. Any thread.
    package nonisolated func join(with person: CallSession) {
        let (toCaller, toPerson) = (OperatorLeg.makeInlet(), OperatorLeg.makeInlet())
        let theirs = OperatorLeg(
            inlet: toCaller, hear: { toPerson.write($0.span) }, end: { person.part($0) })
        // What the caller says is recognized on their own call, and belongs there alone.
        let ours = OperatorLeg(
            inlet: toPerson, isRecognized: false, hear: { toCaller.write($0.span) }, end: { _ in })
        loop.post {
            self.assumeIsolated { caller in
                caller.waitingOperator = theirs
                caller.deliver(.person(.accepted))
                guard caller.operatorLine?.leg === theirs else {
                    caller.waitingOperator = nil
                    return person.part("nobody waits any more")
                }
                person.enter(ours) { caller.person($0 ? .joined : .left(reason: "they hung up", wasLost: false)) }
            }
        }
    }

    /// The caller's line is put on this one, a person's.
    private nonisolated func enter(_ leg: OperatorLeg, answer: @escaping @Sendable (Bool) -> Void) {
        loop.post {
            self.assumeIsolated { person in
                person.waitingOperator = leg
                person.deliver(.joined)
                let isOn = person.operatorLine?.leg === leg
                if !isOn { person.waitingOperator = nil }
                answer(isOn)
            }
        }
    }

    /// The caller of this call, a person's, is gone. Any thread.
    package nonisolated func part(_ reason: String) {
        loop.post { self.assumeIsolated { $0.deliver(.parted(reason: reason)) } }
    }

    func callPerson(_ request: PersonRequest) {
        guard let people = plan.people else {
            return deliver(.person(.failed(reason: "this service cannot call anybody")))
        }
        holdSound = nil
        if request.plan.music != .never, !services.holdMusic.isEmpty {
            holdSound = Ambience(Ambience.Sounds(bed: services.holdMusic))
            holdSoundIsUnderWords = request.plan.music == .under
        }
        people.call(request, self)
    }

    /// Puts what is heard behind the agent, or behind what it says to a caller who holds the line, to what it says.
    func mixBehindVoice() {
        guard holdSoundIsUnderWords, holdSound != nil, conversation.isOnHold, operatorLine == nil else {
            ambience?.mix(into: &outgoing)
            return
        }
        holdSound?.mix(into: &outgoing)
    }

    /// Sends what a caller hears who holds the line.
    func playHold(at now: Int) {
        guard conversation.isOnHold else { return holdSound = nil }
        guard !tones.isActive, playing?.isAudible != true else { return }
        let count = playout.takeRoom(upTo: ambienceLead, orWhileStarved: line.capabilities.wantsSilence, at: now)
        guard count > 0 else { return }
        outgoing.removeAll(keepingCapacity: true)
        outgoing.append(contentsOf: repeatElement(StereoTimeline.silence, count: count))
        holdSound?.mix(into: &outgoing)
        line.write(audio: outgoing.span)
        send()
        let place = now + playout.ahead(at: now) - count
        timeline?.writeAgent(outgoing.span, at: place)
        ear.echo.played(outgoing.span, at: place)
    }
}
