import DequeModule

/// What the client's thread and a reading task share about one request.
final class HTTPExchange: Sendable {
    struct Head: Sendable {
        var status: Int
        var headers: [(name: String, value: String)]
    }

    private enum End {
        case complete
        case failed(NetworkError)
    }

    private struct State {
        var head: Head?
        var chunks = Deque<[UInt8]>()
        var bufferedBytes = 0
        /// Whether the sender is held back.
        var isPaused = false
        var end: End?
        var headWaiter: CheckedContinuation<Result<Head, NetworkError>, Never>?
        var chunkWaiter: CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>?
    }

    let id: UInt64
    let request: HTTPClientRequest
    private let bufferBytes: Int
    private let client: HTTPClientThread
    private let state = Lock(State())

    init(id: UInt64, request: HTTPClientRequest, bufferBytes: Int, client: HTTPClientThread) {
        self.id = id
        self.request = request
        self.bufferBytes = bufferBytes
        self.client = client
    }

    func error(_ code: NetworkError.Code, _ detail: String) -> NetworkError {
        NetworkError(code, operation: request.method, subject: request.subject, detail: detail)
    }

    // MARK: Reading task

    /// Waits for the headers.
    func head() async throws(NetworkError) -> Head {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Result<Head, NetworkError>, Never>) in
                let ready = state.withLock { state -> Result<Head, NetworkError>? in
                    if let head = state.head { return .success(head) }
                    if case .failed(let error) = state.end { return .failure(error) }
                    state.headWaiter = waiter
                    return nil
                }
                if let ready { waiter.resume(returning: ready) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Waits for the next piece of the body; nil at its end.
    func nextChunk() async throws(NetworkError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>) in
                let (ready, resumes) = state.withLock { state in take(&state, waiter) }
                if resumes { client.submit(.resume(id)) }
                if let ready { waiter.resume(returning: ready) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func take(
        _ state: inout State, _ waiter: CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>
    ) -> (ready: Result<[UInt8]?, NetworkError>?, resumesSender: Bool) {
        if let chunk = state.chunks.popFirst() {
            state.bufferedBytes -= chunk.count
            let resumes = state.isPaused && state.bufferedBytes <= bufferBytes / 2
            if resumes { state.isPaused = false }
            return (.success(chunk), resumes)
        }
        switch state.end {
        case .complete: return (.success(nil), false)
        case .failed(let error): return (.failure(error), false)
        case nil:
            precondition(state.chunkWaiter == nil, "one task at a time reads a body")
            state.chunkWaiter = waiter
            return (nil, false)
        }
    }

    /// Gives the request up, unless it is over.
    func cancel() {
        if fail(error(.cancelled, "cancelled")) { client.submit(.cancel(id)) }
    }

    // MARK: Client's thread

    func received(_ head: Head) {
        let waiter = state.withLock { state in
            guard state.head == nil, state.end == nil else {
                return nil as CheckedContinuation<Result<Head, NetworkError>, Never>?
            }
            state.head = head
            return state.headWaiter.take()
        }
        waiter?.resume(returning: .success(head))
    }

    /// Takes a piece of the body, unless so much waits that the sender must be held back.
    func received(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // SAFETY: curl's buffer, valid during its callback.
        let chunk = unsafe Array(bytes)
        let (taken, waiter) = state.withLock { state in
            if state.end != nil { return (true, nil as CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>?) }
            if let waiter = state.chunkWaiter.take() { return (true, waiter) }
            guard state.bufferedBytes == 0 || state.bufferedBytes + chunk.count <= bufferBytes else {
                state.isPaused = true
                return (false, nil)
            }
            state.chunks.append(chunk)
            state.bufferedBytes += chunk.count
            return (true, nil)
        }
        waiter?.resume(returning: .success(chunk))
        return taken
    }

    func completed() {
        let waiter = state.withLock { state in
            guard state.end == nil else { return nil as CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>? }
            state.end = .complete
            return state.chunkWaiter.take()
        }
        waiter?.resume(returning: .success(nil))
    }

    /// - Returns: whether it was not over already.
    @discardableResult
    func fail(_ error: NetworkError) -> Bool {
        let (changed, head, chunk) = state.withLock { state in
            guard state.end == nil else {
                return (
                    false, nil as CheckedContinuation<Result<Head, NetworkError>, Never>?,
                    nil as CheckedContinuation<Result<[UInt8]?, NetworkError>, Never>?
                )
            }
            state.end = .failed(error)
            // What was received before the failure is still given out, unless nobody wants it.
            if error.code == .cancelled {
                state.chunks = []
                state.bufferedBytes = 0
            }
            return (true, state.headWaiter.take(), state.chunkWaiter.take())
        }
        head?.resume(returning: .failure(error))
        chunk?.resume(returning: .failure(error))
        return changed
    }
}
