package import Logging

/// Sends HTTP requests from a thread of its own, over libcurl: HTTP/1.1 and 2, connections kept for reuse, TLS, proxies.
package final class HTTPClient: Sendable {
    private let configuration: HTTPClientConfiguration
    private let thread: HTTPClientThread

    package init(configuration: HTTPClientConfiguration = HTTPClientConfiguration(), logger: Logger) {
        self.configuration = configuration
        thread = HTTPClientThread(configuration: configuration, logger: logger)
    }

    /// Sends a request and returns at the end of the answer's headers, whatever its status; the body follows as it is
    /// read. Redirects are not followed.
    ///
    /// Cancelling the task ends the transfer at once.
    package func send(_ request: HTTPClientRequest) async throws(NetworkError) -> HTTPClientResponse {
        let exchange = thread.makeExchange(request)
        guard request.isWellFormed else {
            throw exchange.error(.invalidArgument, "the method or a header holds characters that may not be sent")
        }
        try thread.start(exchange)
        let body = HTTPClientBody(exchange: exchange)
        let head = try await exchange.head()
        return HTTPClientResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Fails what is under way and what comes later with ``NetworkError/Code/cancelled``, closes all connections and
    /// joins the thread. May be called again.
    package func shutdown() async {
        await thread.shutdown()
    }

    /// The counters now.
    package var metrics: HTTPClientMetrics.Snapshot { thread.metrics.snapshot }

    deinit {
        // A client nobody shut down: its thread must end all the same.
        thread.stop()
    }
}
