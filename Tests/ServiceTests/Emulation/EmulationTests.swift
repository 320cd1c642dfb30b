import Agent
import Emulators
import Foundation
import Logging
import Testing

@testable import Service

@Suite("Emulators by hand, and what the check says of vendors")
struct EmulationTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    @Test(
        "faults are written as words", arguments: EmulatedVendor.allCases,
        ["none", "refuse:503", "refuse", "nonsense", "close:1:x"])
    func faults(vendor: EmulatedVendor, text: String) async throws {
        var emulation = Emulation(vendor)
        emulation.faults = [EmulatedFault(text)]
        if text == "none" || text == "refuse:503" {
            let (url, stop) = try await emulation.start(logger: Self.logger)
            #expect(url.hasPrefix("ws://127.0.0.1:") || url.hasPrefix("http://127.0.0.1:"))
            await stop()
        } else {
            let error = await #expect(throws: EmulatedFault.Unknown.self) {
                try await emulation.start(logger: Self.logger)
            }
            #expect(error?.description.contains("`\(text)` is no fault of") == true)
        }
    }

    @Test("every fault of the help is one of some emulator")
    func help() throws {
        #expect(
            try EmulatedFault("close:400ms:1011").deepgram
                == .close(afterAudio: .milliseconds(400), code: 1011, reason: "NET-0000"))
        #expect(try EmulatedFault("huge").listening == .huge)
        #expect(try EmulatedFault("stall:3").listening == .stall(afterResults: 3))
        #expect(try EmulatedFault("close:2:1011").elevenLabs == .close(afterChunks: 2, code: 1011))
        #expect(try EmulatedFault("error:429").cartesia == .error(status: 429))
        #expect(try EmulatedFault("close:2:1011").voice == .close(afterChunks: 2, code: 1011))
        #expect(try EmulatedFault("error").voice == .error)
        #expect(try EmulatedFault("delay:2s").speech == .delay(.seconds(2)))
        #expect(try EmulatedFault("late:5").conversation == .late(chunks: 5))
        #expect(try EmulatedFault("fail:server_error").conversation == .fail(code: "server_error"))
        #expect(try EmulatedFault("close:10:1011").conversation == .close(afterChunks: 10, code: 1011))
        #expect(try EmulatedFault("cut:1").model == .cut(afterChunks: 1))
    }

    private func findings(_ vendor: EmulatedVendor, key: String, hears: Bool) async throws -> [SystemCheck.Finding] {
        let (url, stop) = try await Emulation(vendor).start(logger: Self.logger)
        var configuration = ParleyConfiguration()
        var provider = ParleyConfiguration.Provider(
            kind: try #require(ParleyConfiguration.Provider.Kind(rawValue: vendor.kind)))
        provider.url = url
        provider.apiKey = Secret(key)
        configuration.providers["it"] = provider
        if hears {
            configuration.speech.recognizer = [.provider("it"), .embedded]
        } else {
            configuration.speech.synthesizer = [.provider("it"), .embedded]
        }
        let findings = await SystemCheck.providers(configuration)
        await stop()
        return findings
    }

    @Test(
        "a vendor that works, and one that refuses the key, are told apart, each by itself",
        arguments: [
            (EmulatedVendor.deepgram, true), (.deepgramFlux, true), (.assemblyai, true), (.openAIRealtime, true),
            (.elevenLabsScribe, true), (.cartesiaInk, true), (.soniox, true), (.speechmatics, true),
            (.azureTranscription, true),
            (.openAITranscription, true), (.elevenlabs, false), (.cartesia, false), (.aura, false),
            (.openAISpeech, false), (.elevenLabsHTTP, false), (.rime, false), (.deepgramFluxVoice, false),
            (.azureSpeech, false), (.googleSpeech, false),
        ])
    func check(vendor: EmulatedVendor, hears: Bool) async throws {
        let well = try await findings(vendor, key: "emulated", hears: hears)
        #expect(well.map(\.isOK) == [true], "\(well)")
        let denied = try await findings(vendor, key: "another", hears: hears)
        #expect(denied.map(\.isOK) == [false], "\(denied)")
        #expect(denied[0].detail.contains("the key is refused; it is read from `providers.it.api_key`"), "\(denied)")
        #expect(denied[0].detail.contains("PARLEY_PROVIDERS_IT_API_KEY"))
        // Google answers a bad key with 400, and says in the body what it means.
        let status = vendor == .googleSpeech ? "400" : "401"
        #expect(denied[0].detail.contains(status), "what the vendor answered: \(denied)")
    }

    /// What the check says of a provider that thinks.
    private func findings(
        _ kind: ParleyConfiguration.Provider.Kind, url: String, key: String, model: String?, agent: String? = nil
    ) async throws -> [SystemCheck.Finding] {
        var configuration = ParleyConfiguration()
        var provider = ParleyConfiguration.Provider(kind: kind)
        provider.url = url
        provider.apiKey = Secret(key)
        provider.model = model
        configuration.providers["it"] = provider
        var agents: [String: AgentDefinition] = [:]
        if let agent {
            agents["heating"] = try AgentDefinition(yaml: Data(agent.utf8), file: "heating.yaml") { _ in Data() }
        }
        return await SystemCheck.providers(configuration, agents: agents)
    }

    @Test(
        "a language model is asked for real, and its refused key is named and not shown",
        arguments: [EmulatedVendor.openai, .openAIResponses, .anthropic, .gemini])
    func models(vendor: EmulatedVendor) async throws {
        let kind = try #require(ParleyConfiguration.Provider.Kind(rawValue: vendor.kind))
        let (url, stop) = try await Emulation(vendor).start(logger: Self.logger)
        let well = try await findings(kind, url: url, key: "emulated", model: "some-model")
        let denied = try await findings(kind, url: url, key: "a-wrong-key", model: "some-model")
        await stop()
        #expect(well.map(\.isOK) == [true] && well[0].detail.hasPrefix("answered after "), "\(well)")
        #expect(well[0].subject == "provider it thinks")
        #expect(denied.map(\.isOK) == [false], "\(denied)")
        #expect(denied[0].detail.contains("the key is refused; it is read from `providers.it.api_key`"), "\(denied)")
        #expect(denied[0].detail.contains("PARLEY_PROVIDERS_IT_API_KEY"))
        #expect(denied[0].detail.contains(vendor == .gemini ? "400" : "401"), "what the vendor answered: \(denied)")
        #expect(!denied[0].detail.contains("a-wrong-key"), "\(denied)")
        // Nobody is there any more.
        let gone = try await findings(kind, url: url, key: "emulated", model: "some-model")
        #expect(gone.map(\.isOK) == [false] && gone[0].detail.contains(url), "\(gone)")
        // That is no model that is missing.
        #expect(gone[0].detail.hasPrefix("nobody takes connections at `providers.it.url`"), "\(gone)")
    }

    @Test("a reasoning model whose thoughts took all tokens is one that answers; any other bad request is none")
    func thoughts() {
        let limit =
            "Could not finish the message because max_tokens or model output limit was reached. Please try again with "
            + "higher max_tokens."
        func error(_ code: ModelError.Code, _ detail: String) -> ModelError {
            ModelError(code, provider: "https://api.openai.com/v1", detail: detail, status: 400)
        }
        let spent = error(.invalidRequest, limit)
        let (refused, other) = (error(.unauthorized, limit), error(.invalidRequest, "unknown parameter"))
        #expect(SystemCheck.hasOnlyThought(spent))
        #expect(!SystemCheck.hasOnlyThought(refused) && !SystemCheck.hasOnlyThought(other))
    }

    @Test("a model that an agent names is asked, too, and one that does not exist is told")
    func agentsModels() async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.anthropic.models = ["known"]
        let emulators = EmulatorFleet(fleet, logger: Self.logger)
        let url = try await emulators.start().anthropic
        let agent =
            SpeechToSpeechTests.agent.replacing("provider: live", with: "provider: it\n  name: unknown")
            + "\nafter_call: {summary: true, model: {provider: it, model: absent}}\n"
        let findings = try await findings(.anthropic, url: url, key: "emulated", model: "known", agent: agent)
        // Nothing says which model it is.
        let nameless = try await self.findings(.anthropic, url: url, key: "emulated", model: nil)
        await emulators.shutdown()
        #expect(
            findings.map(\.subject) == [
                "provider it thinks", "provider it thinks with absent", "provider it thinks with unknown",
            ])
        #expect(findings.map(\.isOK) == [true, false, false], "\(findings)")
        #expect(findings.last?.detail.contains("there is no such model") == true, "\(findings)")
        #expect(nameless.isEmpty, "\(nameless)")
        #expect(emulators.anthropic.counts.requests.count == 3)
    }
}
