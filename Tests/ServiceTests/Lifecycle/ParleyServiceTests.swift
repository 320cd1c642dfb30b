import Agent
import Foundation
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("The service, from start to stop")
struct ParleyServiceTests {
    @Test("a call is announced, held and stored, with its recording as long as the call")
    func wholeCall() async throws {
        try await ServiceUnderTest.run { test in
            let reason = try await test.call("CA1", saying: ["what is the temperature", "no thank you"])
            #expect(reason.contains("1000"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
            #expect(
                story.turns.filter { $0.speaker == .caller }.map(\.text) == ["what is the temperature", "no thank you"])
            #expect(story.turns.filter { $0.speaker == .agent }.map(\.number) == [0, 1, 2])
            #expect(story.tools.map(\.name) == ["thermostat_read"])
            #expect(story.recordings.map(\.callerSamples) == [story.call.duration])
            #expect(story.incidents.isEmpty)
        }
    }

    @Test("the public listener takes a host name, and names it as it was given")
    func hostName() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in configuration.public.host = "localhost" }) {
            test in
            let answer = try await test.post("/twilio/status", ["CallSid": "CA1"])
            #expect(answer.status == 403)
            // Carriers can connect a moment before the log says so.
            let limit = ContinuousClock.now + .seconds(10)
            while !test.log.contains("listening", "port=\(test.port)"), ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(test.log.contains("listening", "host=127.0.0.1", "port=\(test.port)"))
        }
    }

    @Test("a host name without an address stops the start before models are prepared, and says which key it is")
    func unknownHostName() async throws {
        let prepared = Lock(false)
        let engines = LightEngines(preparation: { prepared.withLock { $0 = true } })
        await #expect {
            try await ServiceUnderTest.withService(
                engines: engines, configure: { configuration, _ in configuration.public.host = "no..where" }
            ) { service, _, _, _ in
                await #expect(throws: CancellationError.self) { try await service.reachable() }
            }
        } throws: { error in
            "\(error)".contains("no..where") && "\(error)".contains("`public.host`")
        }
        let isPrepared = prepared.withLock(\.self)
        #expect(!isPrepared)
    }

    @Test("while models are being prepared operators are told so and nobody can call yet")
    func preparing() async throws {
        let gate = Arrival<Void>()
        try await ServiceUnderTest.run(
            engines: LightEngines(preparation: { try await gate.value() }),
            whilePreparing: { ask in
                let health = try await ask("/healthz")
                #expect(health.status == 200)
                let readiness = try await ask("/readyz")
                #expect(readiness.status == 503)
                // The order of keys is the encoder's choice.
                let report = try #require(
                    JSONSerialization.jsonObject(with: Data(readiness.text.utf8)) as? [String: Any])
                let checks = try #require(report["checks"] as? [String: [String: String]])
                #expect(checks["models"] == ["status": "not ready", "reason": "being prepared"])
                #expect(checks["store"] == ["status": "ready"])
                gate.arrive(())
            }
        ) { test in
            let readiness = try await test.ask("/readyz")
            #expect(readiness.status == 200)
        }
    }

    @Test("no caller is let in before the greeting is there to be spoken: neither ready nor listening until then")
    func greetingFirst() async throws {
        let gate = Arrival<Void>()
        let asked = Arrival<[String]>()
        let engines = LightEngines(sentencePreparation: { sentences in
            asked.arrive(sentences)
            try await gate.value()
        })
        try await ServiceUnderTest.withService(engines: engines) { service, _, log, _ in
            defer { gate.arrive(()) }
            let definition = try #require(service.agents.agents["thermostat"])
            let greeting = try #require(definition.spokenSentences.first { $0.contains("this is the thermostat") })
            let sentences = try await asked.value()
            #expect(sentences.contains(greeting))
            // Long enough for a listener that does not wait.
            try await Task.sleep(for: .milliseconds(300))
            let isEarly = log.contains("info listening", "host=127.0.0.1", "port=")
            #expect(!isEarly)
            let before = await service.readiness.report()
            #expect(before.states["models"] == .notReady("being prepared"))
            #expect(before.states["listener"] == .notReady("waits for the models"))
            gate.arrive(())
            let port = try await service.reachable().publicPort
            // Carriers can connect a moment before the log says so.
            let limit = ContinuousClock.now + .seconds(10)
            while !log.contains("listening", "port=\(port)"), ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(log.contains("listening", "host=127.0.0.1", "port=\(port)"))
            let after = await service.readiness.report()
            #expect(after.states["models"] == .ready && after.states["listener"] == .ready)
        }
    }

    @Test("told to stop while models are being prepared it stops at once")
    func stoppedEarly() async throws {
        let started = Arrival<Void>()
        let engines = LightEngines(preparation: {
            started.arrive(())
            try await Task.sleep(for: .seconds(600))
        })
        try await ServiceUnderTest.withService(engines: engines) { service, group, _, _ in
            try await started.value()
            await group.triggerGracefulShutdown()
            await #expect(throws: CancellationError.self) { try await service.reachable() }
        }
    }

    @Test("told to stop it says at once that no more calls should come, refuses them, and lets the caller finish")
    func draining() async throws {
        try await ServiceUnderTest.run { test in
            let announced = try await test.announce("CA1")
            let stopped = Lock(false)
            // The caller has nothing to say before the service was told to stop.
            let caller = TestCaller(
                saying: ["what is the temperature", "no thank you"], on: test.loop,
                mayAnswer: { _ in stopped.withLock { $0 } })
            caller.dial(announced)
            try await test.waitUntil { try await test.metric("parley_loop_web_sockets") == 1 }
            await test.group.triggerGracefulShutdown()
            try await test.waitUntil { try await test.ask("/readyz").status == 503 }
            let readiness = try await test.ask("/readyz")
            #expect(readiness.text.contains(#""status":"draining""#))
            let refused = try await test.post("/twilio/voice", ["CallSid": "CA2"])
            #expect(refused.text.contains("<Reject reason=\"busy\"/>"))
            stopped.withLock { $0 = true }
            caller.goOn()
            #expect(await caller.ended().contains("1000"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
        }
    }

    @Test("loops, clients and queues are on the page of metrics, each with what it means")
    func metrics() async throws {
        try await ServiceUnderTest.run { test in
            _ = try await test.call("CA1", saying: ["no thank you"])
            let page = try await test.ask("/metrics").text
            for line in page.split(separator: "\n") where line.hasPrefix("# HELP ") {
                let words = line.split(separator: " ", maxSplits: 3)
                #expect(MetricHelp.texts[String(words[2])].map { $0 == words[3] } == true, "\(line)")
            }
            #expect(page.contains(##"parley_loop_missed_ticks_total{loop="media-0"}"##))
            #expect(page.contains(##"parley_loop_worst_tick_lateness_seconds{loop="media-0"}"##))
            #expect(page.contains(##"parley_http_client_requests_total{client="vendors"} 0"##))
            #expect(page.contains(##"parley_loop_tick_lateness_seconds_bucket{loop="media-0",le="+Inf"}"##))
            #expect(page.contains(##"parley_loop_busy_seconds_count{loop="media-0"}"##))
            for queue in ["archive_dropped_events", "recording_dropped_blocks", "store_dropped_records"] {
                #expect(page.contains("\nparley_\(queue)_total 0\n"))
            }
            for reason in ["full", "late", "stopping"] {
                #expect(page.contains("\nparley_calls_refused_total{reason=\"\(reason)\"} 0\n"))
            }
            // Two seconds of a call, 50 messages each.
            #expect(try await test.metric("parley_loop_messages_received_total") > 50)
            #expect(try await test.metric("parley_loop_ticks_total") > 50)
            #expect(try await test.metric("parley_store_written_records_total") > 5)
        }
    }
}
