import Glibc
import Logging
import Networking
import Testing

/// Listeners for plain streams.
@Suite("Plain streams")
struct StreamSocketTests {
    /// Sends back what comes, or as much as it is told to; notes how each ended.
    private final class Echo: StreamService, StreamHandler, @unchecked Sendable {
        // @unchecked: its members are used on the loop's thread only, but for the stream of ends.
        private let flood: Int
        private let isOpen: Bool
        let ends: AsyncStream<String>
        private let sink: AsyncStream<String>.Continuation

        init(flood: Int = 0, isOpen: Bool = true) {
            self.flood = flood
            self.isOpen = isOpen
            (ends, sink) = AsyncStream.makeStream(of: String.self)
        }

        func accept(from remoteAddress: String, on loop: EventLoop) -> (any StreamHandler)? {
            #expect(remoteAddress == "127.0.0.1")
            return isOpen ? self : nil
        }

        func opened(_ socket: StreamSocket) {}

        func received(_ bytes: Span<UInt8>, on socket: StreamSocket) {
            if bytes[bytes.count - 1] == UInt8(ascii: "!") {
                socket.send(binary: bytes)
                socket.send(text: Array("bye".utf8).span)
                socket.close(code: 1000, reason: "told to")
                #expect(socket.send(binary: bytes) == .closed)
                return
            }
            socket.send(binary: bytes)
            let piece = [UInt8](repeating: 0, count: 1000)
            for _ in 0..<flood / piece.count where socket.send(binary: piece.span) != .queued { break }
        }

        func closed(_ socket: StreamSocket, reason: WebSocketCloseReason) { sink.yield("\(reason)") }

        func nextEnd() async -> String? {
            var iterator = ends.makeAsyncIterator()
            return await iterator.next()
        }
    }

    @Test("carry bytes both ways, one by one too, and what was queued at a close is delivered")
    func echo() async throws {
        try await withLoop { loop in
            let service = Echo()
            let port = try await loop.listen(ListenerConfiguration(), streams: service)
            let said = await onThread {
                let connection = connectPlain(port: port)
                var heard: [UInt8] = []
                for byte in "abc".utf8 {
                    connection.send([byte])
                    heard += connection.receive()
                }
                connection.send(Array("d!".utf8))
                while case let more = connection.receive(), !more.isEmpty { heard += more }
                connection.close()
                return String(decoding: heard, as: UTF8.self)
            }
            #expect(said == "abcd!bye")
            #expect(await service.nextEnd() == "closed by us (1000 told to)")
            // The loop lets go of it after it has told of its end.
            while loop.metrics.connections > 0 { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test("end when the peer leaves, and those that nobody wants are closed at once")
    func leaving() async throws {
        try await withLoop { loop in
            let service = Echo()
            let port = try await loop.listen(ListenerConfiguration(), streams: service)
            await onThread {
                let connection = connectPlain(port: port)
                connection.send(Array("a".utf8))
                _ = connection.receive()
                connection.close()
            }
            #expect(await service.nextEnd()?.contains("closed by the peer") == true)
            let closed = try await loop.listen(ListenerConfiguration(), streams: Echo(isOpen: false))
            let nothing = await onThread {
                let connection = connectPlain(port: closed)
                defer { connection.close() }
                return connection.receive()
            }
            #expect(nothing.isEmpty)
            #expect(loop.metrics.refused == 1)
        }
    }

    @Test("of a peer that does not read are cut once their queue is full, and of a silent one when it was long enough")
    func slow() async throws {
        try await withLoop { loop in
            let service = Echo(flood: 64 << 20)
            var limits = StreamLimits(sendQueueBytes: 64 * 1024, closeTimeout: .milliseconds(300))
            let port = try await loop.listen(ListenerConfiguration(), streams: service, limits: limits)
            let reader = await onThread {
                let connection = connectPlain(port: port)
                connection.send(Array("a".utf8))
                return connection
            }
            #expect(await service.nextEnd() == "closed by us (1013 too slow)")
            #expect(loop.metrics.queueOverflows == 1)
            reader.close()

            limits.idleTimeout = .milliseconds(300)
            let quiet = Echo()
            let other = try await loop.listen(ListenerConfiguration(), streams: quiet, limits: limits)
            let nothing = await onThread {
                let connection = connectPlain(port: other)
                defer { connection.close() }
                return connection.receive()
            }
            #expect(nothing.isEmpty)
            #expect(await quiet.nextEnd() == "closed by us (1001 idle)")
            #expect(loop.metrics.timeouts >= 1)
        }
    }

    @Test("that are open when the loop ends are ended with it")
    func shutdown() async throws {
        let service = Echo()
        let peer = try await withLoop { loop in
            let port = try await loop.listen(ListenerConfiguration(), streams: service)
            return await onThread {
                let connection = connectPlain(port: port)
                connection.send(Array("a".utf8))
                _ = connection.receive()
                return connection
            }
        }
        #expect(await service.nextEnd()?.contains("1001") == true)
        peer.close()
    }
}
