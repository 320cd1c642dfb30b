package import Networking

/// A language model behind HTTP that answers with server-sent events, whatever its protocol.
package struct StreamedModel<API: ModelAPI>: LanguageModel {
    private let api: API
    private let client: HTTPClient
    private let clock: any Clock<Duration>

    /// - Parameter clock: measures deadlines on progress and the waits between attempts.
    package init(configuration: API, client: HTTPClient, clock: any Clock<Duration> = ContinuousClock()) {
        self.api = configuration
        self.client = client
        self.clock = clock
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        // Not bounded: the accumulator bounds the size of an answer.
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        let task = Task {
            do throws(ModelError) {
                try await run(request) { continuation.yield($0) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return events
    }

    private typealias Yield = @Sendable (ModelEvent) -> Void

    /// Asks, and asks again as long as nothing was given out and the budget lasts.
    private func run(_ request: ModelRequest, yield: @escaping Yield) async throws(ModelError) {
        var backoff = ModelBackoff(budget: api.retryBudget)
        while true {
            let attempt = await attempt(request, yield: yield)
            guard let error = attempt.error else { return }
            guard !attempt.hasText, let delay = backoff.delay(after: error) else { throw error }
            guard (try? await clock.sleep(for: delay)) != nil else {
                throw ModelError(.cancelled, provider: api.baseURL, detail: "given up between attempts")
            }
        }
    }

    private struct Attempt: Sendable {
        var error: ModelError?
        var hasText = false
    }

    /// One request, with deadlines on what is useful of its answer: a server that only keeps the connection alive makes
    /// no progress.
    private func attempt(_ request: ModelRequest, yield: @escaping Yield) async -> Attempt {
        let progress = ModelProgress(clock)
        return await withTaskGroup(of: Attempt?.self) { group in
            group.addTask { await consume(request, progress, yield) }
            group.addTask {
                await progress.standstill(first: request.firstTokenDeadline, later: request.progressDeadline)
                return nil
            }
            let winner = await group.next() ?? nil
            group.cancelAll()
            if let winner { return winner }
            // Cancelled by the deadline, not by us: the answer says so itself when it ended otherwise after all.
            var late = (await group.next() ?? nil) ?? Attempt()
            if late.error?.code == .cancelled, !Task.isCancelled {
                late.error = ModelError(
                    .deadlineExceeded, provider: api.baseURL,
                    detail: progress.hasBegun ? "no further token in time" : "no first token in time")
            }
            return late
        }
    }

    private func consume(_ request: ModelRequest, _ progress: ModelProgress, _ yield: Yield) async -> Attempt {
        var accumulator = api.makeAccumulator()
        do throws(ModelError) {
            try await read(request, into: &accumulator, progress, yield)
            return Attempt(hasText: accumulator.hasText)
        } catch {
            return Attempt(error: error, hasText: accumulator.hasText)
        }
    }

    private func read(
        _ request: ModelRequest, into accumulator: inout API.Accumulator, _ progress: ModelProgress, _ yield: Yield
    ) async throws(ModelError) {
        do {
            var http = api.httpRequest(for: request)
            // Asking again changes nothing, and is better than an answer that fails for a connection closed while idle.
            http.mayBeRepeated = true
            // The deadlines on progress are `ModelProgress`'s; these catch a connection on which nothing comes at all.
            http.deadlines = HTTPClientRequest.Deadlines(
                connect: api.connectDeadline, firstByte: request.firstTokenDeadline,
                betweenChunks: max(request.firstTokenDeadline, request.progressDeadline), total: .seconds(120))
            let response = try await client.send(http)
            guard response.status == 200 else {
                let body = String(decoding: try await response.body.collect(upTo: 64 * 1024), as: UTF8.self)
                throw api.error(status: response.status, headers: response.headers, body: body)
            }
            var parser = ServerSentEventParser()
            for try await bytes in response.body {
                for event in parser.push(bytes.span) {
                    for piece in try accumulator.push(event.data) { yield(piece) }
                }
                progress.note(accumulator.size)
                if accumulator.isDone { break }
            }
            for piece in try accumulator.finish() { yield(piece) }
        } catch let error as ModelError {
            throw error
        } catch let error as NetworkError {
            // Whole, although the server did not end it as it should.
            guard let rest = try? accumulator.finish() else {
                throw ModelFailure.error(error, provider: api.baseURL)
            }
            for piece in rest { yield(piece) }
        } catch {
            throw ModelError(.protocolViolation, provider: api.baseURL, detail: "\(error)")
        }
    }
}
