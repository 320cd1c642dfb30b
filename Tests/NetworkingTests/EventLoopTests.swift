import Glibc
import Logging
import Networking
import Synchronization
import Testing

/// An actor that lives on a loop's thread.
private actor Pinned {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }
    private(set) var values: [Int] = []

    init(loop: EventLoop) { self.loop = loop }

    func add(_ value: Int) -> Bool {
        values.append(value)
        return loop.isCurrent
    }
}

@Suite("The event loop")
struct EventLoopTests {
    @Test("posted work runs on the loop's thread, each poster's in its order")
    func posting() async throws {
        try await withLoop { loop in
            #expect(!loop.isCurrent)
            let seen = await withCheckedContinuation { (done: CheckedContinuation<[[Int]], Never>) in
                let box = Box(Array(repeating: [Int](), count: 4))
                for poster in 0..<4 {
                    Task.detached {
                        for index in 0..<5000 {
                            loop.post {
                                #expect(loop.isCurrent)
                                box.value[poster].append(index)
                                if box.value.allSatisfy({ $0.count == 5000 }) { done.resume(returning: box.value) }
                            }
                        }
                    }
                }
            }
            for list in seen { #expect(list == Array(0..<5000)) }
        }
    }

    @Test("work posted from the loop runs too, after what is running")
    func postingFromTheLoop() async throws {
        try await withLoop { loop in
            let order = await withCheckedContinuation { (done: CheckedContinuation<[String], Never>) in
                loop.post {
                    let box = Box([String]())
                    loop.post { box.value.append("second") }
                    loop.post { done.resume(returning: box.value) }
                    box.value.append("first")
                }
            }
            #expect(order == ["first", "second"])
        }
    }

    @Test("an actor pinned to the loop runs there, and can be entered from the loop without waiting")
    func executor() async throws {
        try await withLoop { loop in
            let actor = Pinned(loop: loop)
            for value in 0..<100 { #expect(await actor.add(value)) }
            let entered = await loop.run {
                actor.assumeIsolated { actor in actor.add(100) }
            }
            #expect(entered)
            #expect(await actor.values == Array(0...100))
        }
    }

    @Test("callbacks of a socket may enter an actor pinned to its loop")
    func callbacksEnterActors() async throws {
        final class Handler: WebSocketHandler, Sendable {
            let actor: Pinned
            let done: @Sendable () -> Void
            init(actor: Pinned, done: @escaping @Sendable () -> Void) {
                self.actor = actor
                self.done = done
            }
            func opened(_ socket: WebSocket) { enter(1) }
            func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
                enter(message.count)
                socket.close()
            }
            func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
                enter(3)
                done()
            }
            private func enter(_ value: Int) { actor.assumeIsolated { _ = $0.add(value) } }
        }
        try await withLoop { loop in
            let actor = Pinned(loop: loop)
            let (ends, continuation) = AsyncStream<Void>.makeStream()
            let service = TestService(open: { _, _ in
                .accept(Handler(actor: actor) { continuation.yield() }, subprotocol: nil)
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let client = RecordingHandler { $0.send(text: Array("22".utf8).span) }
            loop.connect(WebSocketRequest(url: "ws://127.0.0.1:\(port)/"), handler: client)
            for await _ in ends { break }
            #expect(await actor.values == [1, 2, 3])
        }
    }

    @Test("timers run in the order of their times, and not when cancelled")
    func timers() async throws {
        try await withLoop { loop in
            let order = await withCheckedContinuation { (done: CheckedContinuation<[Int], Never>) in
                loop.post {
                    let box = Box([Int]())
                    loop.schedule(after: .milliseconds(40)) { done.resume(returning: box.value) }
                    loop.schedule(after: .milliseconds(20)) { box.value.append(2) }
                    loop.schedule(after: .zero) { box.value.append(0) }
                    let cancelled = loop.schedule(after: .milliseconds(10)) { box.value.append(99) }
                    loop.schedule(after: .milliseconds(5)) {
                        box.value.append(1)
                        #expect(cancelled.isActive)
                        cancelled.cancel()
                        #expect(!cancelled.isActive)
                    }
                }
            }
            #expect(order == [0, 1, 2])
        }
    }

    @Test("a timer never runs before its time")
    func notEarly() async throws {
        try await withLoop { loop in
            for _ in 0..<20 {
                let taken = await withCheckedContinuation { (done: CheckedContinuation<Duration, Never>) in
                    loop.post {
                        let clock = ContinuousClock()
                        let begin = clock.now
                        loop.schedule(after: .microseconds(2500)) { done.resume(returning: clock.now - begin) }
                    }
                }
                #expect(taken >= .microseconds(2500))
            }
        }
    }

    @Test("a repeating timer keeps its grid, runs once for missed points, and counts them")
    func repeating() async throws {
        try await withLoop { loop in
            let before = loop.metrics
            let (runs, late) = await withCheckedContinuation {
                (done: CheckedContinuation<([Duration], Duration), Never>) in
                loop.post {
                    let clock = ContinuousClock()
                    let begin = clock.now
                    let box = Box([Duration]())
                    let timer = Box(LoopTimer?.none)
                    timer.value = loop.scheduleRepeating(every: .milliseconds(10)) { late in
                        box.value.append(clock.now - begin)
                        // The third run holds the loop up past two grid points.
                        if box.value.count == 3 { usleep(25_000) }
                        if box.value.count == 6 {
                            timer.value?.cancel()
                            done.resume(returning: (box.value, late))
                        }
                    }
                }
            }
            #expect(runs.count == 6)
            // 10, 20, 30, then one run for 40 and 50, then the grid again: 60 and 70 at the earliest.
            for (run, earliest) in zip(runs, [10, 20, 30, 40, 60, 70]) { #expect(run >= .milliseconds(earliest)) }
            #expect(late < .seconds(1))
            let after = loop.metrics
            #expect(after.missedTicks - before.missedTicks >= 1)
            #expect(after.worstTickLateness >= .milliseconds(4))
        }
    }

    @Test("timers of one period run as far apart as they are told, whenever they were asked for")
    func phases() async throws {
        try await withLoop { loop in
            let points = await withCheckedContinuation { (done: CheckedContinuation<[Int], Never>) in
                loop.post {
                    let box = Box([Int]())
                    for phase in [0, 4, 10] {
                        let timer = Box(LoopTimer?.none)
                        timer.value = loop.scheduleRepeating(
                            every: .milliseconds(20), phase: .milliseconds(phase)
                        ) { late in
                            timer.value?.cancel()
                            let point = EventLoop.nanoseconds - UInt64(late / .nanoseconds(1))
                            box.value.append(Int(point % 20_000_000) / 1000 - phase * 1000)
                            if box.value.count == 3 { done.resume(returning: box.value) }
                        }
                    }
                }
            }
            // [µs] What passes between noting that a timer is late and telling it.
            for point in points { #expect((0..<3000).contains(point)) }
        }
    }

    @Test("a loop starts once")
    func startTwice() async throws {
        try await withLoop { loop in
            #expect(throws: NetworkError.self) { try loop.start() }
        }
    }

    @Test("shutting down may be asked for again, and before starting")
    func shutdownTwice() async throws {
        let loop = EventLoop(name: "test", logger: Logger(label: "test"))
        await loop.shutdown()
        await loop.shutdown()
        #expect(throws: NetworkError.self) { try loop.start() }
        try await withLoop { loop in
            async let one: Void = loop.shutdown()
            async let two: Void = loop.shutdown()
            await one
            await two
        }
    }

    @Test("work that comes after the end still runs, so that nobody waits for ever")
    func lateWork() async throws {
        let loop = EventLoop(name: "test", logger: Logger(label: "test"))
        try loop.start()
        let actor = Pinned(loop: loop)
        await loop.shutdown()
        #expect(await actor.add(1))
        #expect(await loop.run { loop.isCurrent })
        #expect(await loop.run { loop.schedule(after: .zero) {}.isActive } == false)
        await #expect(throws: NetworkError.self) {
            _ = try await loop.listen(ListenerConfiguration(), service: TestService.echo)
        }
        let handler = RecordingHandler()
        loop.connect(WebSocketRequest(url: "ws://127.0.0.1:1/"), handler: handler)
        var events = handler.events.makeAsyncIterator()
        guard case .closed(hadSocket: false, .failure) = await events.next() else {
            Issue.record("the connection was not refused")
            return
        }
    }

    @Test("fifty loops start and stop with open sockets, timers and requests, and leave no descriptor behind")
    func startAndStop() async throws {
        let before = openDescriptors()
        for round in 0..<50 {
            let loop = EventLoop(
                name: "round \(round)",
                configuration: EventLoopConfiguration(shutdownGrace: .milliseconds(50)), logger: Logger(label: "test"))
            try loop.start()
            let handler = RecordingHandler()
            let service = TestService(
                answer: { _ in
                    // Ends when the connection does.
                    try? await Task.sleep(for: .seconds(60))
                    return .status(200)
                }, open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let raw = await RawWebSocket.open(port: port)
            let client = RecordingHandler()
            let other = TestService.echo
            let echo = try await loop.listen(ListenerConfiguration(), service: other)
            loop.connect(WebSocketRequest(url: "ws://127.0.0.1:\(echo)/"), handler: client)
            var clientEvents = client.events.makeAsyncIterator()
            #expect(await clientEvents.next() == .opened)
            let pending = connectPlain(port: port)
            pending.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            let silent = connectPlain(port: port)
            _ = await loop.run { loop.scheduleRepeating(every: .milliseconds(1)) { _ in }.isActive }
            await loop.shutdown()
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .local(code: 1001, reason: "shutting down")))
            guard case .closed(hadSocket: true, _) = await clientEvents.next() else {
                Issue.record("the client's socket was not closed")
                return
            }
            #expect(loop.metrics.connections == 0)
            #expect(loop.metrics.webSockets == 0)
            raw.close()
            pending.close()
            silent.close()
        }
        // Other suites run beside this one, so a few descriptors may come and go; fifty leaked ones would show.
        #expect(openDescriptors() - before < 40)
    }

    private func openDescriptors() -> Int {
        (0..<4096).count { fcntl(CInt($0), F_GETFD) >= 0 }
    }
}

/// A mutable value that only one loop's thread touches.
final class Box<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
}
