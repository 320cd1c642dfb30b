import Agent
import Emulators
import Foundation

@testable import Service

/// A service with a language model that is the emulated vendor, under the name `mind` and with a price.
enum MindUnderTest {
    /// How often its calls are looked for that have ended: what is waited for in most tests with a mind.
    static let callWorkPace = Duration.milliseconds(100)

    /// - Parameter configure: given the service's folder.
    static func run(
        configure: (URL) -> Void, faults: [ModelEmulatorConfiguration.Fault] = [],
        script: @escaping @Sendable (ModelEmulatorConfiguration.Exchange) -> ModelEmulatorConfiguration.Reply,
        _ body: (ServiceUnderTest, EmulatorFleet) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI = OpenAIChatEmulatorConfiguration(faults: faults, script: script)
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let address = try await emulators.start().openAI
        do {
            try await ServiceUnderTest.run(
                callWorkPace: callWorkPace,
                configure: { configuration, directory in
                    configure(directory)
                    var mind = ParleyConfiguration.Provider(kind: .openai)
                    (mind.url, mind.apiKey, mind.model) = (address, Secret("emulated"), "m")
                    configuration.providers = ["mind": mind]
                    var price = ParleyConfiguration.Price()
                    (price.millionInputTokens, price.millionOutputTokens) = (1, 10)
                    configuration.prices.currency = "EUR"
                    configuration.prices.providers = ["mind": price]
                }
            ) { try await body($0, emulators) }
        } catch {
            await emulators.shutdown()
            throw error
        }
        await emulators.shutdown()
    }
}
