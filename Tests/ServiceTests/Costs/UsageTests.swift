import Agent
import AudioCore
import Emulators
import Foundation
import Networking
import Speech
import Store
import Testing

@testable import Service

@Suite("What calls use of others, and what that costs")
struct UsageTests {
    private static func prices() throws -> ParleyConfiguration.Prices {
        let file = """
            providers:
              ears: {kind: deepgram, url: "ws://127.0.0.1:9"}
              mind: {kind: openai, url: "http://127.0.0.1:9/v1"}
            prices:
              currency: EUR
              lines: {twilio: 0.0085}
              providers:
                ears: {minute: 0.0077, million_characters: 30}
                mind: {million_input_tokens: 0.1, million_cached_tokens: 0.025, million_output_tokens: 0.7}
            """
        return try ConfigurationLoader(environment: [:]).read(Data(file.utf8), file: "parley.yaml").configuration.prices
    }

    @Test("amounts are decimal: what binary fractions would smear is exact, and one token is not lost")
    func decimal() throws {
        let meter = UsageMeter()
        // 0.1 + 0.2 of binary fractions is not 0.3.
        meter.add(ModelUsage(promptTokens: 3_000_000, cachedTokens: 1, completionTokens: 1), of: "mind")
        meter.audio(of: "ears")(.seconds(90))
        meter.characters(of: "ears")(21)
        let cost = try #require(try Self.prices().cost(of: meter.usage, carrier: "twilio", length: .seconds(120)))
        let amounts = Dictionary(uniqueKeysWithValues: cost.items.map { ("\($0.provider) \($0.unit)", $0.amount) })
        #expect(
            amounts.mapValues { $0.map { "\($0)" } } == [
                "ears audio_ms": "0.01155", "ears characters": "0.00063", "mind input_tokens": "0.2999999",
                "mind cached_tokens": "0.00000003", "mind output_tokens": "0.0000007", "twilio line_ms": "0.017",
            ])
        #expect(cost.total.map { "\($0)" } == "0.32918063")
        #expect(cost.currency == "EUR")
    }

    @Test("what has no price is told without an amount, and a call that used nobody has no cost")
    func unpriced() throws {
        let prices = try Self.prices()
        let meter = UsageMeter()
        #expect(prices.cost(of: meter.usage, carrier: "browser", length: .seconds(9)) == nil)
        meter.add(5, .characters, of: "mind")
        let cost = try #require(prices.cost(of: meter.usage, carrier: "browser", length: .seconds(9)))
        #expect(cost.items == [CallCost.Item(provider: "mind", unit: "characters", quantity: 5)])
        #expect(cost.total == nil)
    }

    @Test("sound that a model hears and speaks has its own price, else that of other tokens")
    func sound() throws {
        var price = ParleyConfiguration.Price()
        price.millionInputTokens = 4
        price.millionAudioOutputTokens = 64
        price.millionOutputTokens = 16
        #expect(price.price(of: .audioInputTokens) == 4 && price.price(of: .cachedTokens) == 4)
        #expect(price.price(of: .audioOutputTokens) == 64 && price.price(of: .audio) == nil)
        let meter = UsageMeter()
        meter.add(
            ModelUsage(
                promptTokens: 100, cachedTokens: 30, completionTokens: 10, promptSoundTokens: 60,
                completionSoundTokens: 8), of: "live")
        let usage = Dictionary(uniqueKeysWithValues: meter.usage.map { ($0.unit, $0.quantity) })
        #expect(
            usage == [
                .inputTokens: 10, .cachedTokens: 30, .audioInputTokens: 60, .outputTokens: 2, .audioOutputTokens: 8,
            ])
    }

    @Test("JSON has amounts as text, and reads them back")
    func json() throws {
        let cost = CallCost(
            currency: "USD",
            items: [
                CallCost.Item(provider: "a", unit: "characters", quantity: 7, amount: Decimal(string: "0.1")),
                CallCost.Item(provider: "b", unit: "audio_ms", quantity: 8),
            ])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(cost), as: UTF8.self)
        #expect(
            text
                == #"{"currency":"USD","items":[{"amount":"0.1","provider":"a","quantity":7,"unit":"characters"},{"provider":"b","quantity":8,"unit":"audio_ms"}],"total":"0.1"}"#
        )
        #expect(try JSONDecoder().decode(CallCost.self, from: Data(text.utf8)) == cost)
    }

    @Test(
        "prices without a currency, of nobody, of a carrier that is none, or that are no number stop the start",
        arguments: [
            ("prices: {lines: {twilio: 1}}", "`prices.currency`: required because there are prices"),
            (
                "prices: {currency: USD, providers: {ears: {minute: 1}}}",
                "`prices.providers.ears`: there is no provider of that name"
            ),
            ("prices: {currency: USD, lines: {twillio: 1}}", "`prices.lines.twillio`: the name must be twilio | "),
            ("prices: {currency: USD, lines: {twilio: 1e-3}}", "`prices.lines.twilio`: allowed: price"),
            ("prices: {currency: dollars}", "`prices.currency` is `dollars`"),
        ])
    func faults(file: String, fault: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader(environment: [:]).read(Data(file.utf8), file: "parley.yaml")
        }
        #expect(error.map { "\($0)".contains(fault) } == true, "\(error.map { "\($0)" } ?? "")")
    }

    private struct Talker: LanguageModel {
        let finish: ModelFinish?

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            AsyncThrowingStream { stream in
                stream.yield(.text("twelve bytes"))
                guard let finish else { return }
                stream.yield(.finished(finish))
                stream.finish()
            }
        }
    }

    @Test("an answer counts what its provider says; one that is given up counts as far as it came")
    func answers() async throws {
        let meter = UsageMeter()
        let request = ModelRequest(instructions: "12345678", messages: [.user("1234")])
        let whole = ModelFinish(reason: .stop, usage: ModelUsage(promptTokens: 70, completionTokens: 4))
        let (told, untold) = (Talker(finish: whole), Talker(finish: nil))
        for try await _ in MeteredModel(model: told, provider: "a", meter: { meter }).answer(request) {}
        for try await event in MeteredModel(model: untold, provider: "b", meter: { meter }).answer(request) {
            #expect(event == .text("twelve bytes"))
            break
        }
        // The given-up answer's end is counted when its task has noticed.
        while meter.usage.count < 4 { await Task.yield() }
        let usage = meter.usage.map { "\($0.provider) \($0.unit.rawValue) \($0.quantity)" }
        #expect(usage == ["a input_tokens 70", "a output_tokens 4", "b input_tokens 7", "b output_tokens 3"])
    }

    @Test("the models of a conversation whose caller has come back count for the call that it is on by then")
    func served() async throws {
        let (first, second) = (UsageMeter(), UsageMeter())
        let served = ServedCall(callID: "c1", meter: first)
        let told = Lock<[String]>([])
        let finish = ModelFinish(reason: .stop, usage: ModelUsage(promptTokens: 70, completionTokens: 4))
        let model = MeteredModel(
            model: Talker(finish: finish), provider: "a", meter: { served.meter },
            answered: { _ in told.withLock { $0.append(served.callID) } })
        let request = ModelRequest(instructions: "", messages: [])
        for try await _ in model.answer(request) {}
        served.become(callID: "c2", meter: second)
        for try await _ in model.answer(request) {}
        for meter in [first, second] { #expect(meter.usage.map(\.quantity) == [70, 4]) }
        #expect(told.withLock { $0 } == ["c1", "c2"])
    }

    @Test("a call's own engines count the audio its recognizer was sent and the characters that were not kept")
    func engines() async throws {
        let fleet = EmulatorFleet(EmulatorFleet.Configuration(), logger: LogCollector().logger)
        let addresses = try await fleet.start()
        let loop = EventLoop(name: "leg", logger: LogCollector().logger)
        try loop.start()
        do {
            var configuration = ParleyConfiguration()
            var ears = ParleyConfiguration.Provider(kind: .deepgram)
            (ears.url, ears.apiKey) = (addresses.deepgram, Secret("emulated"))
            var voice = ParleyConfiguration.Provider(kind: .cartesia)
            (voice.url, voice.apiKey) = (addresses.cartesia, Secret("emulated"))
            configuration.providers = ["ears": ears, "voice": voice]
            configuration.speech.recognizer = [.provider("ears")]
            configuration.speech.synthesizer = [.provider("voice")]
            configuration.speech.phraseStoreSize = 0
            let vendors = Vendors(configuration, logger: LogCollector().logger)
            let engines = try SpeechEngines(configuration, vendors: vendors, logger: LogCollector().logger)
            let (mine, other) = (UsageMeter(), UsageMeter())
            let (own, others) = (engines.metered(by: mine), engines.metered(by: other))

            let speech = try await own.synthesizer(on: loop).makeSession(voice: "", format: .telephone)
            for _ in 0..<2 { for try await _ in speech.synthesize("See you on Tuesday.") {} }
            let again = try await others.synthesizer(on: loop).makeSession(voice: "", format: .telephone)
            for try await _ in again.synthesize("See you on Tuesday.") {}
            speech.close()
            again.close()

            let session = try own.recognizer(on: loop).makeSession(
                format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
            ) { _ in }
            let frame = [UInt8](repeating: 0xFF, count: 160)
            session.beginUtterance(UtteranceID(1), context: "")
            for _ in 0..<100 {
                _ = session.inlet.write(frame.span)
                session.audioArrived()
                try await Task.sleep(for: .milliseconds(2))
            }
            session.finishUtterance(UtteranceID(1))
            let until = ContinuousClock.now + .seconds(10)
            while mine.usage.first?.quantity != 2000, ContinuousClock.now < until {
                try await Task.sleep(for: .milliseconds(5))
            }
            session.close()
            let usage = mine.usage.map { "\($0.provider) \($0.unit.rawValue) \($0.quantity)" }
            #expect(usage == ["ears audio_ms 2000", "voice characters 19"])
            #expect(other.usage.isEmpty)
            engines.close()
            await vendors.close()
        } catch {
            Issue.record(error)
        }
        await loop.shutdown()
        await fleet.shutdown()
    }
}
