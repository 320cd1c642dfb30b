import Agent
import Testing

@Suite("The thermostat")
struct ThermostatTests {
    let room = FakeThermostat()

    private func call() async throws -> Conversation {
        let conversation = Conversation(try Fixtures.agent("thermostat"), tools: room.tools)
        _ = try await conversation.start()
        return conversation
    }

    @Test("reads, compares, acts and reads again until the target is reached")
    func reaches() async throws {
        let caller = try await call()
        let reply = try await caller.say("set it to seventy")
        #expect(reply.understanding?.entities == ["number": "70"])
        #expect(
            reply.text.hasPrefix(
                "It is sixty six degrees now. I am setting it to seventy. The room is at seventy degrees."))
        #expect(reply.tools.prefix(4) == ["thermostat_read", "thermostat_set", "thermostat_read", "thermostat_step"])
        #expect(reply.tools.last == "thermostat_read")
        #expect(await room.steps == 4)
        #expect(Set(reply.calls.map(\.id)).count == reply.calls.count)
    }

    @Test("gives up after its budget of steps and says how far it came")
    func stuck() async throws {
        await room.stick()
        let reply = try await call().say("set it to seventy")
        #expect(reply.text.contains("still on its way to seventy"))
        #expect(await room.steps == 61)
    }

    @Test("asks for a number, and for one in range")
    func asks() async throws {
        let caller = try await call()
        #expect(try await caller.say("change the temperature").expectation?.context == "target")
        let reply = try await caller.say("two hundred degrees")
        #expect(reply.text.hasPrefix("I can set anything from fifty to ninety degrees."))
        #expect(try await caller.say("sixty eight").text.contains("The room is at sixty eight degrees."))
    }

    @Test("takes a bare number for the temperature that is wanted", arguments: ["seventy", "seventy please"])
    func bareNumber(answer: String) async throws {
        let caller = try await call()
        #expect(try await caller.say(answer).text.contains("The room is at seventy degrees."))
        #expect(try await caller.say("sixty eight degrees").text.contains("The room is at sixty eight degrees."))
    }

    @Test("tells the temperature, and takes an answer for a new task after it")
    func tells() async throws {
        let caller = try await call()
        #expect(try await caller.say("how warm is it in here").text.hasPrefix("It is sixty six degrees."))
        #expect(
            try await caller.say("then set it to sixty seven degrees").text.contains(
                "The room is at sixty seven degrees."))
        #expect(try await caller.say("no that's all").hangsUp)
    }

    @Test("claims nothing when the room cannot be reached")
    func unreachable() async throws {
        await room.unplug()
        let reply = try await call().say("set it to seventy")
        #expect(reply.text.contains("I cannot reach the thermostat"))
        #expect(!reply.text.contains("The room is at"))
    }
}
