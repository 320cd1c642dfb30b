extension EventLoop {
    /// Begins to accept connections and hand them to `service`.
    ///
    /// Several loops may listen on one port if each says ``ListenerConfiguration/sharesPort``.
    ///
    /// - Returns: the port, which matters when ``ListenerConfiguration/port`` is 0.
    package func listen(
        _ listener: ListenerConfiguration, service: any ListenerService
    ) async throws(NetworkError) -> Int {
        try await listen(listener, for: .requests(service))
    }

    /// Begins to accept connections that carry plain bytes and hand them to `service`. Of `listener`, what concerns
    /// requests and TLS does not count.
    ///
    /// - Returns: the port, which matters when ``ListenerConfiguration/port`` is 0.
    package func listen(
        _ listener: ListenerConfiguration, streams service: any StreamService, limits: StreamLimits = StreamLimits()
    ) async throws(NetworkError) -> Int {
        var listener = listener
        listener.tls = nil
        return try await listen(listener, for: .streams(service, limits))
    }

    private func listen(
        _ listener: ListenerConfiguration, for purpose: Acceptor.Purpose
    ) async throws(NetworkError) -> Int {
        let outcome = await withCheckedContinuation { (done: CheckedContinuation<Result<Int, NetworkError>, Never>) in
            post {
                done.resume(
                    returning: Result { () throws(NetworkError) in
                        guard let core = self.currentCore, !core.isShuttingDown else {
                            throw NetworkError(
                                .cancelled, operation: "listen", subject: self.name,
                                detail: "the loop is not running")
                        }
                        let acceptor = try Acceptor(core: core, configuration: listener, purpose: purpose)
                        core.acceptors.append(acceptor)
                        return acceptor.port
                    })
            }
        }
        return try outcome.get()
    }

    /// Stops accepting on `port`; connections already accepted stay.
    package func stopListening(port: Int) async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            post {
                if let core = self.currentCore {
                    for acceptor in core.acceptors where acceptor.port == port { acceptor.close() }
                    core.acceptors.removeAll { $0.port == port }
                }
                done.resume()
            }
        }
    }
}
