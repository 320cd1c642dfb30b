import Callers
import Foundation
import Store
import Testing

@testable import Service

@Suite("A listener that asks nobody for proof")
struct OpenListenerTests {
    private static func call(_ test: ServiceUnderTest, _ id: String, _ parameters: [String: String]) -> CarrierLine.Call
    {
        CarrierLine.Call(
            url: "ws://127.0.0.1:\(test.port)/twilio/media", callID: id,
            parameters: parameters.merging(["from": "+15550100", "to": "+15550199"]) { given, _ in given })
    }

    @Test("takes calls that nobody announced, for the agent that the stream names, or else that of the number")
    func agents() async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in
                configuration.public.auth = .none
                configuration.agents.default = "other"
                let folder = URL(fileURLWithPath: configuration.agents.directory)
                let text = try? String(contentsOf: folder.appending(path: "thermostat.yaml"), encoding: .utf8)
                let other = text?.replacing("name: thermostat\n", with: "name: other\n") ?? ""
                try? Data(other.utf8).write(to: folder.appending(path: "other.yaml"))
            }
        ) { test in
            for (id, parameters) in [("CA1", ["agent": "thermostat"]), ("CA2", [:])] {
                let reason = await TestCaller(saying: ["goodbye"], on: test.loop).hold(Self.call(test, id, parameters))
                #expect(reason.contains("1000"), "\(reason)")
            }
            let reason = await TestCaller(saying: [], on: test.loop)
                .hold(Self.call(test, "CA3", ["agent": "butler"]))
            #expect(reason.contains("1008") && reason.contains("there is no agent called \"butler\""), "\(reason)")
            // Webhooks need no signature either.
            #expect(try await test.post("/twilio/status", ["CallSid": "CA1"], signed: false).status == 204)
            let warnings = try await test.ask("/api/v1/health").text
            #expect(warnings.contains("whoever reaches the public listener may call every agent"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls.sorted { $0.carrierCallID ?? "" < $1.carrierCallID ?? "" }
            #expect(calls.map(\.carrierCallID) == ["CA1", "CA2"])
            #expect(calls.map(\.agent) == ["thermostat", "other"])
            #expect(calls.map(\.from) == ["+15550100", "+15550100"])
        }
    }

    @Test("is warned of at the start, and is none where a carrier could reach it")
    func warning() throws {
        func load(_ yaml: String) throws -> LoadedConfiguration {
            try ConfigurationLoader(environment: [:], isReadable: { _ in true })
                .read(Data(yaml.utf8), file: "parley.yaml")
        }
        #expect(
            try load("public: {auth: none}").warnings
                == ["public.auth is `none`: whoever reaches the public listener can place calls"])
        #expect(throws: ConfigurationError.self) { try load("public: {auth: none, host: 0.0.0.0}") }
    }

    @Test("is the exception: a listener that wants proof takes no stream for the name of an agent")
    func closed() async throws {
        try await ServiceUnderTest.run { test in
            let reason = await TestCaller(saying: [], on: test.loop)
                .hold(Self.call(test, "CA1", ["agent": "thermostat"]))
            #expect(reason.contains("1008") && reason.contains("carries no token"), "\(reason)")
        }
    }
}
