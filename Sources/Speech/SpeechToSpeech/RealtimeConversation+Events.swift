/// What the vendor says.
extension RealtimeConversation {
    mutating func received(_ event: RealtimeServerEvent, now: Duration) -> [Action] {
        switch event {
        case .committed(let item):
            history.named(item)
            return []
        case .itemAdded(let item, let previous):
            history.added(item, after: previous)
            return []
        case .transcribed(let item, let text): return wrote(PlainWords.of(text), of: item, error: nil)
        case .notTranscribed(let item, let reason):
            return wrote("", of: item, error: dialect.error(.unavailable, during: "transcribe", reason))
        case .responseCreated(let id):
            if response?.id == nil { response?.id = id }
            return []
        case .spokenItem(let id, let item):
            if isWanted(id) { _ = place(of: item) }
            return []
        case .transcript(let id, let item, let text):
            guard isWanted(id), let question = response?.question else { return late() }
            let place = place(of: item)
            // A second item goes on where the first one ended.
            let gap = items[place].letters.isEmpty && response?.spoken.first != item ? " " : ""
            items[place].add(text: text)
            response?.isTextWhole = false
            return [.answer(question, .text(gap + text))]
        case .transcriptEnded(let id): return isWanted(id) ? sentenceEnded() : []
        case .audio(let id, let item, let audio):
            guard isWanted(id), let question = response?.question else { return late() }
            let place = place(of: item)
            guard waitingSamples + audio.count <= settings.longestReply else {
                counts.overlong += 1
                let error = dialect.error(
                    .refused, during: "answer", "the answer is longer than \(settings.longestReply / 8000) s")
                return cancelResponse(now: now) + [.failed(question, error)]
            }
            items[place].add(audio: audio)
            return [.answer(question, .progress)]
        case .audioEnded(let id, let item):
            if isWanted(id), let place = items.firstIndex(where: { $0.id == item }) { items[place].end() }
            return []
        case .call(let id, let call):
            if isWanted(id) { add(call) }
            return []
        case .responseDone(let id, let outcome): return done(id, outcome, now: now)
        case .failed(let failure): return failed(failure)
        case .ready: return ready()
        case .renewalDue:
            isRenewalDue = true
            return []
        case .resumable:
            kept = history
            return []
        case .other: return []
        }
    }

    /// Whether somebody waits for this response.
    private func isWanted(_ id: String) -> Bool {
        guard let response, response.cancelledAt == nil, response.held == nil else { return false }
        return response.id == id || id.isEmpty
    }

    private mutating func late() -> [Action] {
        counts.lateDeltas += 1
        return []
    }

    private mutating func place(of item: String) -> Int {
        if let place = items.firstIndex(where: { $0.id == item }) { return place }
        items.append(SpokenItem(id: item))
        response?.spoken.append(item)
        return items.count - 1
    }

    private mutating func add(_ call: RealtimeToolCall) {
        guard response?.calls.contains(where: { $0.id == call.id }) == false else { return }
        response?.calls.append(call)
    }

    private mutating func wrote(_ words: String, of item: String, error: SpeechError?) -> [Action] {
        guard let id = history.wrote(words, of: item) else { return [] }
        var actions: [Action] = []
        if unwanted.remove(id) == nil {
            let event: RecognitionEvent =
                if let error {
                    .failed(id, error)
                } else if words.isEmpty {
                    .nothingHeard(id)
                } else {
                    .final(Transcript(utterance: id, text: words, confidence: Self.confidence))
                }
            actions.append(.recognized(event))
        }
        guard let current = response, current.isUnwritten, current.asked == id else { return actions }
        response?.isUnwritten = false
        actions += heard()
        if let held = response?.held { actions += finish(held.finish) }
        return actions
    }

    /// Tells whoever asked what the caller had said.
    func heard() -> [Action] {
        guard let response, response.cancelledAt == nil else { return [] }
        let words = history.utterances.first { $0.id == response.asked }?.words ?? ""
        guard !words.isEmpty else { return [] }
        return [.answer(response.question, .heard(words, confidence: Self.confidence))]
    }

    /// Nothing follows the words so far at once: whoever cuts them into sentences need not wait for what does.
    private mutating func sentenceEnded() -> [Action] {
        guard let current = response, !current.isTextWhole else { return [] }
        response?.isTextWhole = true
        return [.answer(current.question, .textEnded)]
    }

    private mutating func done(
        _ id: String, _ outcome: RealtimeServerEvent.Outcome, now: Duration
    ) -> [Action] {
        guard let current = response, current.held == nil, current.id == nil || current.id == id || id.isEmpty else {
            return []
        }
        for index in items.indices { items[index].end() }
        guard current.cancelledAt == nil else {
            response = nil
            return goOn()
        }
        for call in outcome.calls { add(call) }
        let calls = response?.calls ?? []
        for item in items { history.said(item.letters, calling: calls.map(\.id)) }
        if items.isEmpty { history.said([], calling: calls.map(\.id)) }
        switch outcome.status {
        case "completed", "incomplete":
            var finish = RealtimeFinish(
                reason: calls.isEmpty ? .stop : .toolCalls, inputTokens: outcome.inputTokens,
                cachedTokens: outcome.cachedTokens, outputTokens: outcome.outputTokens, soundIn: outcome.soundIn,
                soundOut: outcome.soundOut)
            if outcome.status == "incomplete" {
                finish.reason = outcome.reason == "content_filter" ? .contentFilter : .length
            }
            guard !current.isUnwritten else {
                let until = now + settings.wordsDeadline
                response?.held = (finish, until)
                // What is said does not wait.
                return sentenceEnded()
            }
            return self.finish(finish)
        default:
            response = nil
            let failure = outcome.failure ?? .init(code: outcome.reason ?? outcome.status, message: "no words")
            return [.failed(current.question, dialect.error(of: failure))] + goOn()
        }
    }

    /// Gives the end of the answer to whoever asked.
    mutating func finish(_ finish: RealtimeFinish) -> [Action] {
        guard let current = response else { return [] }
        response = nil
        // The calls of an answer that was cut short may be cut short too.
        let calls = finish.reason == .toolCalls ? current.calls : []
        return calls.map { .answer(current.question, .call($0)) } + [.answer(current.question, .finished(finish))]
            + goOn()
    }

    /// Most errors are about one message of ours, and the session goes on.
    private mutating func failed(_ failure: RealtimeServerEvent.Failure) -> [Action] {
        let error = dialect.error(of: failure)
        switch dialect.consequence(of: failure) {
        case .nothing: return []
        case .reconnect: return [.reconnect(error)]
        case .refusal: return [.refused(error)]
        case .complaint: break
        }
        counts.complaints += 1
        if let current = response, failure.eventID == current.eventID, current.id == nil {
            response = nil
            let told: [Action] = current.cancelledAt == nil ? [.failed(current.question, error)] : []
            return told + goOn()
        }
        return [.complain(failure.words)]
    }
}
