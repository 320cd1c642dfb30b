import Logging

/// One answer of the model, from the request to what the caller may hear of it.
extension ModelDialogue {
    /// One answer of the model, as far as it may be spoken.
    struct Generation: Sendable {
        var text = ""
        var calls: [ModelToolCall] = []
        /// What was not spoken, from the first sentence on that claims what is not so.
        var held: [String] = []
        /// Statements that nothing supports, spoken or not.
        var flagged = 0
        /// Whether it was longer than it may be.
        var isCut = false
        /// What its first sentence states that nothing supports, if that is why it was held.
        var statement: String?
        /// What the caller had said, where the model told.
        var heard: (words: String, confidence: Double)?
        var error: ModelError?
    }

    /// One answer of the model, spoken while it is generated, with deadlines on its progress.
    ///
    /// - Parameter isBeforeWords: what the caller said becomes known while it answers.
    func generate(
        forbidsTools: Bool, isBeforeWords: Bool, _ outputs: Outputs
    ) async -> Generation {
        guard let model else {
            let error = ModelError(
                .notFound, provider: settings.provider,
                detail: "the configuration has no provider of that name; add providers.\(settings.provider)")
            return Generation(error: error)
        }
        let request = request(forbidsTools: forbidsTools)
        let events = takePrepared(for: request) ?? model.answer(request)
        let (promises, grounding) = (promises, grounding(isBeforeWords: isBeforeWords))
        let progress = ProgressCounter()
        let longest = settings.maxTokens * Self.bytesPerToken
        let (clock, first, later) = (environment.clock, settings.firstTokenDeadline, settings.progressDeadline)
        let generation: Generation = await withTaskGroup(of: Generation?.self) { group in
            group.addTask { await Self.consume(events, upTo: longest, promises, grounding, progress, outputs) }
            group.addTask {
                var seen = 0
                while (try? await clock.sleep(for: seen == 0 ? first : later)) != nil {
                    let current = progress.count
                    // Nothing new since the last look: the answer hangs.
                    if current == seen { return nil }
                    seen = current
                }
                return nil
            }
            // Whoever is first, the answer or its deadline, ends the other. A cancelled answer still tells what it said.
            let winner = await group.next() ?? nil
            group.cancelAll()
            if let winner { return winner }
            var late = (await group.next() ?? nil) ?? Generation()
            late.calls = []
            late.error = ModelError(.deadlineExceeded, provider: settings.provider, detail: "no progress in time")
            return late
        }
        if generation.isCut {
            environment.logger.warning(
                "An answer was cut that was longer than its model may speak",
                metadata: ["agent.name": "\(agent.name)", "call.id": "\(call.callID)", "bytes": "\(longest)"])
        }
        return generation
    }

    /// More than any language needs for a token, on average.
    private static let bytesPerToken = 8

    /// - Parameter longest: bytes of text after which a model that keeps to no limit is not listened to any more.
    private static func consume(
        _ events: AsyncThrowingStream<ModelEvent, any Error>, upTo longest: Int, _ promises: PromiseCheck,
        _ grounding: GroundingCheck?, _ progress: ProgressCounter, _ outputs: Outputs
    ) async -> Generation {
        var generation = Generation()
        var grounding = grounding
        var splitter = ClauseSplitter()
        var spoken: [String] = []
        func speak(_ clauses: [String]) {
            for clause in clauses {
                guard generation.held.isEmpty, promises.unsupportedClaim(in: clause) == nil else {
                    generation.held.append(clause)
                    continue
                }
                if let grounding, let statement = grounding.unsupportedStatement(in: clause) {
                    generation.flagged += 1
                    outputs.yield(.flagged(statement: statement, isHeld: grounding.holdsBack))
                    if grounding.holdsBack {
                        generation.statement = statement
                        generation.held.append(clause)
                        continue
                    }
                }
                outputs.yield(.say(clause))
                spoken.append(clause)
            }
        }
        do {
            for try await event in events {
                progress.advance()
                generation.isCut = generation.text.utf8.count > longest
                if generation.isCut { break }
                switch event {
                case .text(let text):
                    generation.text += text
                    speak(splitter.push(text))
                case .heard(let words, let confidence):
                    generation.heard = (words, confidence)
                    grounding?.hear(words)
                case .toolCall(let call): generation.calls.append(call)
                case .finished: break
                }
            }
            if !Task.isCancelled, !generation.isCut { speak(splitter.flush()) }
            if generation.isCut, spoken.isEmpty, generation.held.isEmpty {
                throw ModelError(.protocolViolation, provider: "", detail: "an answer without an end had no word in it")
            }
            while generation.text.last?.isNewline == true { generation.text.removeLast() }
        } catch let error as ModelError {
            generation.error = error
        } catch {
            generation.error = ModelError(.protocolViolation, provider: "", detail: "\(error)")
        }
        if !generation.held.isEmpty || generation.isCut { generation.text = spoken.joined(separator: " ") }
        // Half a clause was never spoken, and the calls of a broken answer are not made.
        if generation.error != nil || Task.isCancelled {
            generation.text = spoken.joined(separator: " ")
            generation.calls = []
        }
        return generation
    }
}
