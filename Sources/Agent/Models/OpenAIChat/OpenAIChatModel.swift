package import Networking

/// A language model behind the chat-completions protocol.
package struct OpenAIChatModel: LanguageModel {
    private let configuration: OpenAIChatConfiguration
    private let client: HTTPClient
    private let clock: any Clock<Duration>

    /// - Parameter clock: measures the waits between attempts.
    package init(
        configuration: OpenAIChatConfiguration, client: HTTPClient, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.configuration = configuration
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

    /// Asks, and asks again as long as nothing was given out and the budget lasts.
    private func run(_ request: ModelRequest, yield: (ModelEvent) -> Void) async throws(ModelError) {
        var backoff = ModelBackoff(budget: configuration.retryBudget)
        while true {
            var accumulator = OpenAIChatAccumulator(provider: configuration.baseURL)
            do throws(ModelError) {
                try await attempt(request, into: &accumulator, yield: yield)
                return
            } catch {
                guard !accumulator.hasText, let delay = backoff.delay(after: error) else { throw error }
                guard (try? await clock.sleep(for: delay)) != nil else {
                    throw ModelError(.cancelled, provider: configuration.baseURL, detail: "given up between attempts")
                }
            }
        }
    }

    private func attempt(
        _ request: ModelRequest, into accumulator: inout OpenAIChatAccumulator, yield: (ModelEvent) -> Void
    ) async throws(ModelError) {
        let provider = configuration.baseURL
        do {
            let response = try await client.send(httpRequest(request))
            guard response.status == 200 else {
                let body = String(decoding: try await response.body.collect(upTo: 64 * 1024), as: UTF8.self)
                throw OpenAIChatFailure.error(
                    status: response.status, headers: response.headers, body: body, provider: provider)
            }
            var parser = ServerSentEventParser()
            for try await bytes in response.body {
                for event in parser.push(bytes.span) {
                    for piece in try accumulator.push(event.data) { yield(piece) }
                }
                if accumulator.isDone { break }
            }
            for piece in try accumulator.finish() { yield(piece) }
        } catch let error as ModelError {
            throw error
        } catch let error as NetworkError {
            throw OpenAIChatFailure.error(error, provider: provider)
        } catch {
            throw ModelError(.protocolViolation, provider: provider, detail: "\(error)")
        }
    }

    private func httpRequest(_ request: ModelRequest) -> HTTPClientRequest {
        var headers = [("content-type", "application/json"), ("accept", "text/event-stream")]
        if !configuration.apiKey.isEmpty {
            headers.append(
                configuration.dialect.usesAPIKeyHeader
                    ? ("api-key", configuration.apiKey) : ("authorization", "Bearer \(configuration.apiKey)"))
        }
        let body = OpenAIChatRequest(request, configuration: configuration).body.text
        return HTTPClientRequest(
            method: "POST", url: configuration.baseURL + "/chat/completions", headers: headers, body: Array(body.utf8),
            deadlines: HTTPClientRequest.Deadlines(
                connect: configuration.connectDeadline, firstByte: request.firstTokenDeadline,
                betweenChunks: request.progressDeadline, total: .seconds(120)))
    }
}
