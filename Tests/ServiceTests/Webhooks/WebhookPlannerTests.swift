import Foundation
import Speech
import Store
import Testing

@testable import Service

@Suite("The plan of deliveries")
struct WebhookPlannerTests {
    /// An outbox, and endpoints that answer by a script, in time that does not wait.
    private struct World {
        /// What an endpoint answers, and how long it takes.
        typealias Endpoint = (_ delivery: WebhookDelivery, _ at: TimeInterval) -> (WebhookAnswer, took: TimeInterval)

        var planner: WebhookPlanner
        var outbox: [WebhookDelivery] = []
        var answers: [(delivery: WebhookDelivery, answer: WebhookAnswer, at: TimeInterval)] = []
        var sent: [(id: String, endpoint: String, at: TimeInterval)] = []
        var mostUnderWay = 0
        var time: TimeInterval = 0

        init(_ change: (inout WebhookPlanner.Settings) -> Void = { _ in }) {
            var settings = WebhookPlanner.Settings()
            change(&settings)
            planner = WebhookPlanner(settings)
        }

        private func date(_ time: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_790_000_000 + time) }

        mutating func happen(_ id: String, of stream: String, to endpoint: String = "crm") {
            outbox.append(
                WebhookDelivery(
                    sequence: outbox.count + 1, id: id, endpoint: endpoint, event: "call.ended", stream: stream,
                    subject: stream, happenedAt: date(time), payload: "{}"))
        }

        /// Goes on in steps of a quarter of a second, as the service does.
        mutating func run(until end: TimeInterval, _ endpoint: Endpoint) {
            while time < end {
                for (index, answer) in answers.enumerated().reversed() where answer.at <= time {
                    answers.remove(at: index)
                    settle(answer.delivery, answer.answer)
                }
                for name in Set(outbox.map(\.endpoint)).sorted() {
                    let waiting = outbox.filter { $0.endpoint == name && $0.state == .pending }
                    for delivery in planner.begin(waiting, at: date(time)) {
                        sent.append((delivery.id, name, time))
                        let (answer, took) = endpoint(delivery, time)
                        answers.append((delivery, answer, time + took))
                    }
                }
                mostUnderWay = max(mostUnderWay, planner.underWay)
                time += 0.25
            }
        }

        private mutating func settle(_ delivery: WebhookDelivery, _ answer: WebhookAnswer) {
            guard let index = outbox.firstIndex(where: { $0.id == delivery.id }) else { return }
            let verdict = planner.verdict(on: delivery, answer, at: date(time))
            planner.finish(delivery, answer, at: date(time))
            outbox[index].attempts += verdict == .untried ? 0 : 1
            switch verdict {
            case .untried: break
            case .delivered: outbox[index].state = .delivered
            case .again(let at, let reason):
                outbox[index].nextAt = at
                outbox[index].reason = reason
            case .dead(let reason), .gone(let reason):
                outbox[index].state = .dead
                outbox[index].reason = reason
            }
        }

        func times(of id: String) -> [TimeInterval] { sent.filter { $0.id == id }.map(\.at) }
        func delivery(_ id: String) -> WebhookDelivery? { outbox.first { $0.id == id } }
    }

    @Test("events of one call go out one after the other, those of other calls beside them")
    func order() {
        var world = World()
        for event in 1...3 {
            for call in ["a", "b"] { world.happen("\(call)\(event)", of: call) }
        }
        // The first of call a is refused twice.
        world.run(until: 120) { delivery, _ in
            let isRefused = delivery.id == "a1" && delivery.attempts < 2
            return (.status(isRefused ? 400 : 200), took: 0.5)
        }
        #expect(world.outbox.allSatisfy { $0.state == .delivered })
        #expect(world.sent.map(\.id).filter { $0.hasPrefix("b") } == ["b1", "b2", "b3"])
        #expect(world.times(of: "b3")[0] < 2)
        #expect(world.sent.map(\.id).filter { $0.hasPrefix("a") } == ["a1", "a1", "a1", "a2", "a3"])
    }

    @Test("waits double up to the longest, vary by a fifth at most, and differ between deliveries")
    func backOff() {
        let settings = WebhookPlanner.Settings()
        for (attempts, expected) in [(1, 5.0), (2, 10), (5, 80), (10, 2560), (11, 3600), (400, 3600)] {
            let delays = (0..<50).map {
                WebhookPlanner.delay(afterAttempts: attempts, of: "m\($0)", settings) / .seconds(1)
            }
            #expect(delays.allSatisfy { (expected * 0.8...expected * 1.2).contains($0) })
            #expect(Set(delays).count == 50)
        }
        #expect(
            WebhookPlanner.delay(afterAttempts: 3, of: "m", settings)
                == WebhookPlanner.delay(afterAttempts: 3, of: "m", settings))
    }

    @Test("an endpoint that is down costs a request now and then, and gets everything in order when it is back")
    func downThenUp() {
        var world = World()
        for call in 0..<200 { world.happen("m\(call)", of: "c\(call)") }
        world.run(until: 3600) { _, _ in (.failed("connectFailed"), took: 0.25) }
        // Five opened the circuit, and then one probe for each rest: 5, 10, 20 … 300 s.
        #expect((10...30).contains(world.sent.count), "\(world.sent.count)")
        let before = world.sent.count
        world.run(until: 4000) { _, _ in (.status(204), took: 0.25) }
        #expect(world.outbox.count { $0.state == .delivered } >= 195)
        // Those that were tried last may wait a little longer.
        world.run(until: 9000) { _, _ in (.status(204), took: 0.25) }
        #expect(world.outbox.allSatisfy { $0.state == .delivered })
        #expect(world.sent.count == before + 200)
    }

    @Test("one endpoint that is slow or down holds up no other")
    func independence() {
        var world = World()
        for call in 0..<50 {
            for endpoint in ["dead", "slow", "well"] {
                world.happen("\(endpoint)\(call)", of: "c\(call)", to: endpoint)
            }
        }
        world.run(until: 30) { delivery, _ in
            switch delivery.endpoint {
            case "dead": (.status(500), took: 0.25)
            case "slow": (.status(200), took: 10)
            default: (.status(200), took: 0.25)
            }
        }
        #expect(world.outbox.filter { $0.endpoint == "well" }.allSatisfy { $0.state == .delivered })
        #expect(world.sent.last { $0.endpoint == "well" }?.at ?? 99 < 10)
        #expect(world.mostUnderWay <= 16)
        #expect(world.sent.count { $0.endpoint == "slow" && $0.at < 10 } == 4)
    }

    @Test("what Retry-After asks for is kept, for the whole endpoint", arguments: [429, 503])
    func retryAfter(status: Int) {
        var world = World()
        world.happen("m1", of: "a")
        world.run(until: 600) { delivery, at in
            delivery.id == "m1" && at < 1 ? (.status(status, retryAfter: .seconds(120)), 0.25) : (.status(200), 0.25)
        }
        world.happen("m2", of: "b")
        #expect(world.times(of: "m1").count == 2 && world.times(of: "m1")[1] >= 120)
        var other = World()
        for id in ["m1", "m2"] { other.happen(id, of: id) }
        other.run(until: 1) { _, _ in (.status(status, retryAfter: .seconds(120)), 0.25) }
        other.happen("m3", of: "c")
        other.run(until: 300) { _, _ in (.status(200), 0.25) }
        #expect(other.times(of: "m3").first ?? 0 >= 120)
        #expect(other.outbox.allSatisfy { $0.state == .delivered })
    }

    @Test("a Retry-After of weeks is cut, and one with a success means nothing")
    func absurdRetryAfter() {
        var world = World()
        world.happen("m1", of: "a")
        world.run(until: 8000) { delivery, _ in
            delivery.attempts == 0 ? (.status(429, retryAfter: .seconds(2_000_000)), 0.25) : (.status(200), 0.25)
        }
        #expect(world.times(of: "m1").last.map { (3600...3700).contains($0) } == true)
        world.happen("m2", of: "b")
        world.happen("m3", of: "b")
        world.run(until: 8010) { _, _ in (.status(200, retryAfter: .seconds(60)), 0.25) }
        #expect(world.outbox.allSatisfy { $0.state == .delivered })
    }

    @Test("after the longest time it is dead, with how often and why; the next of its call then goes")
    func givenUp() throws {
        var world = World { $0.giveUpAfter = .seconds(600) }
        world.happen("m1", of: "a")
        world.happen("m2", of: "a")
        world.run(until: 1200) { delivery, _ in
            delivery.id == "m1" ? (.status(422, words: "no such field"), 0.25) : (.status(200), 0.25)
        }
        let dead = try #require(world.delivery("m1"))
        #expect(dead.state == .dead)
        #expect(dead.reason == "given up after \(dead.attempts) attempts; status 422: no such field")
        #expect((6...8).contains(dead.attempts))
        #expect(world.delivery("m2")?.state == .delivered)
        #expect(world.times(of: "m2").first ?? 0 > world.times(of: "m1").last ?? 0)
    }

    @Test("410 gives the delivery up and the endpoint is left alone until it is enabled")
    func gone() {
        var world = World()
        world.happen("m1", of: "a")
        world.run(until: 10) { _, _ in (.status(410), 0.25) }
        world.happen("m2", of: "b")
        world.run(until: 5000) { _, _ in (.status(200), 0.25) }
        #expect(world.delivery("m1")?.state == .dead)
        #expect(world.times(of: "m2") == [])
        world.planner.enable("crm")
        world.run(until: 5001) { _, _ in (.status(200), 0.25) }
        #expect(world.delivery("m2")?.state == .delivered)
    }

    @Test("a message that only itself is refused does not make the endpoint rest")
    func poison() {
        var world = World()
        for call in 0..<20 { world.happen("bad\(call)", of: "bad\(call)") }
        world.run(until: 5) { _, _ in (.status(400), 0.25) }
        world.happen("good", of: "good")
        world.run(until: 10) { delivery, _ in (.status(delivery.id == "good" ? 200 : 400), 0.25) }
        #expect(world.delivery("good")?.state == .delivered)
    }

    @Test("what the service's stop cut short is as if it had not been tried")
    func cancelled() {
        var world = World()
        world.happen("m1", of: "a")
        world.run(until: 1) { _, _ in (.cancelled, 0.25) }
        #expect(world.delivery("m1")?.attempts == 0 && world.delivery("m1")?.state == .pending)
        #expect(world.planner.lanes["crm"]?.circuit.state == .closed)
    }

    @Test("a payload that is not made yet, and a delivery that is not due, hold back those behind them")
    func notReady() {
        var planner = WebhookPlanner()
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        func delivery(_ sequence: Int, _ stream: String) -> WebhookDelivery {
            WebhookDelivery(
                sequence: sequence, id: "m\(sequence)", endpoint: "crm", event: "call.ended", stream: stream,
                subject: stream, happenedAt: now, payload: "{}")
        }
        var outbox = [delivery(1, "a"), delivery(2, "a"), delivery(3, "b"), delivery(4, "b"), delivery(5, "c")]
        outbox[0].payload = nil
        outbox[2].nextAt = now + 60
        #expect(planner.begin(outbox, at: now).map(\.id) == ["m5"])
        #expect(planner.begin(outbox, at: now) == [])
    }
}
