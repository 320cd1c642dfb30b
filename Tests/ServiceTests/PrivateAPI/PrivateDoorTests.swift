import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Networking
import ServiceLifecycle
import Testing

@testable import Service

@Suite("The door of the private plane")
struct PrivateDoorTests {
    /// A time that goes on when told.
    private final class Time: Sendable {
        private let value = Lock(ContinuousClock.now)
        var now: ContinuousClock.Instant { value.withLock { $0 } }
        func pass(_ duration: Duration) { value.withLock { $0 += duration } }
    }

    @Test(
        "beside thousands of sockets that say nothing health is answered, long before they are closed for their silence"
    )
    func silent() async throws {
        let descriptors = SilentSockets.allowMany()
        let many = min(3000, (descriptors - 1000) / 2)
        try #require(many >= 1000, "the tests need 3,000 descriptors; `ulimit -n` says \(descriptors)")
        var configuration = ParleyConfiguration.Private()
        configuration.port = 0
        let log = LogCollector()
        let metrics = PrometheusRegistry()
        let (ports, sink) = AsyncStream.makeStream(of: Int.self)
        let plane = PrivateAPI(
            configuration: configuration, readiness: Readiness(), metrics: metrics, logger: log.logger,
            listening: { sink.yield($0) })
        let group = ServiceGroup(services: [plane], logger: log.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { sink.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let sockets = await withCheckedContinuation { (done: CheckedContinuation<SilentSockets, Never>) in
                DispatchQueue.global().async { done.resume(returning: SilentSockets(many, to: port)) }
            }
            let client = HTTPClient(logger: log.logger)
            let outcome: Result<(status: Int, took: Duration), any Error>
            do {
                let began = ContinuousClock.now
                let status = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(port)/healthz")).status
                outcome = .success((status, ContinuousClock.now - began))
            } catch { outcome = .failure(error) }
            // All places are taken, and each further socket took one of an older one.
            let expected = [
                "parley_private_connections 512\n",
                "parley_private_connections_displaced_total \(many + 1 - 512)\n",
                "parley_private_connections_refused_total 0\n",
            ]
            var page = metrics.page()
            let end = ContinuousClock.now + .seconds(20)
            while !expected.allSatisfy(page.contains), ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(10))
                page = metrics.page()
            }
            sockets.close()
            await client.shutdown()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            let (status, took) = try outcome.get()
            #expect(sockets.count == many)
            #expect(status == 200)
            #expect(took < .seconds(10), "\(took)")
            for line in expected { #expect(page.contains(line)) }
        }
    }

    @Test("a body that comes byte by byte is told so after half a minute, and counted; one at an ordinary pace is not")
    func bodies() async throws {
        for (piece, isInTime) in [(1, false), (64 * 1024, true)] {
            let time = Time()
            let slow = Lock(0)
            let (body, source) = RequestBody.makeStream()
            let watch = BodyWatch(patience: BodyPace.usualPatience, now: { time.now })
            let paced = PacedBody(body, watch: watch) { slow.withLock { $0 += 1 } }
            var iterator = paced.makeAsyncIterator()
            var problem: Problem?
            for _ in 0..<40 {
                time.pass(.seconds(1))
                await source.yield(ByteBuffer(repeating: 7, count: piece))
                do {
                    let received = try await iterator.next()
                    #expect(received?.readableBytes == piece)
                } catch {
                    problem = error as? Problem
                    break
                }
            }
            #expect(problem?.status == (isInTime ? nil : .requestTimeout))
            #expect(problem?.detail.contains("4 KiB a second") == (isInTime ? nil : true))
            #expect(slow.withLock { $0 } == (isInTime ? 0 : 1))
            #expect(!watch.hasEnded)
            source.finish()
            if isInTime {
                let rest = try await iterator.next()
                #expect(rest == nil)
                #expect(watch.hasEnded)
            }
        }
    }

    @Test("a sign-in's body has five seconds, and a small one that comes at once is in time")
    func signInPatience() {
        let time = Time()
        let waits: [(Duration, Bool)] = [(.milliseconds(4900), true), (.milliseconds(5100), false)]
        for (wait, isInTime) in waits {
            let watch = BodyWatch(patience: PrivateDoor.signInPatience, now: { time.now })
            #expect(watch.timeLeft == .seconds(5))
            time.pass(wait)
            #expect((watch.timeLeft >= .zero) == isInTime)
            #expect(watch.received(40) == isInTime)
        }
        let requests: [(HTTPTypes.HTTPRequest.Method, String, Bool)] = [
            (.post, "/api/v1/session", true), (.post, "/api/v1/session/", true), (.delete, "/api/v1/session", false),
            (.post, "/api/v1/calls", false),
        ]
        for (method, path, isSignIn) in requests {
            #expect(PrivateDoor.isSignIn(method, path) == isSignIn)
        }
    }

    @Test("a sign-in of which no more comes, or a byte now and then, is over within seconds, and counted")
    func slowSignIn() async throws {
        try await ServiceUnderTest.run { test in
            let head = """
                POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
                Content-Length: 2000\r\n\r\n{
                """
            for pause in [nil, Duration.milliseconds(300)] {
                let port = test.privatePort
                let outcome = await withCheckedContinuation { (done: CheckedContinuation<Duration?, Never>) in
                    DispatchQueue.global().async {
                        done.resume(
                            returning: SlowSender.timeUntilClosed(
                                head, byteEvery: pause, to: port, patience: .seconds(60)))
                    }
                }
                let took = try #require(outcome, "it was still open after a minute")
                // An idle connection is closed after 30 s.
                #expect(took < .seconds(25), "\(took)")
            }
            let slow = try await test.metric("parley_private_slow_bodies_total")
            #expect(slow >= 2, "\(slow)")
        }
    }
}
