/// The body of an answer, in pieces as they arrive. Read it once.
///
/// Fails with the deadline that passed, the loss of the connection, or ``NetworkError/Code/cancelled`` when the reading
/// task is cancelled, which also ends the transfer at once.
package struct HTTPClientBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = NetworkError

    /// Ends the transfer when nobody can read it any more.
    fileprivate final class Reader: Sendable {
        let exchange: HTTPExchange

        init(exchange: HTTPExchange) {
            self.exchange = exchange
        }

        deinit { exchange.cancel() }
    }

    private let reader: Reader

    init(exchange: HTTPExchange) {
        reader = Reader(exchange: exchange)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private let reader: Reader

        fileprivate init(reader: Reader) {
            self.reader = reader
        }

        package mutating func next() async throws(NetworkError) -> [UInt8]? {
            try await reader.exchange.nextChunk()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(NetworkError) -> [UInt8]? {
            try await reader.exchange.nextChunk()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: reader)
    }

    /// The whole body, if it has no more than `limit` bytes; otherwise ``NetworkError/Code/limitExceeded``.
    package func collect(upTo limit: Int) async throws(NetworkError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunks = makeAsyncIterator()
        while let chunk = try await chunks.next() {
            guard bytes.count + chunk.count <= limit else {
                throw reader.exchange.error(.limitExceeded, "the body has more than \(limit) bytes")
            }
            bytes += chunk
        }
        return bytes
    }
}
