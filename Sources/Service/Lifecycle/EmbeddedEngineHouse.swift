package import Logging
import Networking

/// The engines inside this program, made once for all services whose settings of them are the same.
package actor EmbeddedEngineHouse {
    /// What engines are made of. Settings of vendors, phrases and loudness are each service's own.
    private struct Make: Hashable {
        let hears: Bool
        let speaks: Bool
        let decoders: Int
        let voices: Int
        let models: String
        let acousticModel: String
        let secondRecognizer: ParleyConfiguration.Speech.SecondRecognizer
        let voiceDetector: ParleyConfiguration.Speech.VoiceDetector
        let endOfTurn: ParleyConfiguration.Speech.EndOfTurnModel
        let neuralModels: String

        init(_ speech: ParleyConfiguration.Speech) {
            hears = speech.recognizers.contains(.embedded)
            speaks = speech.synthesizers.contains(.embedded)
            // What is not used makes no difference.
            decoders = hears ? speech.decoders : 0
            voices = speaks ? speech.voices : 0
            models = hears ? speech.models : ""
            acousticModel = hears ? speech.acousticModel : ""
            secondRecognizer = hears ? speech.secondRecognizer : .none
            voiceDetector = speech.voiceDetector
            endOfTurn = speech.endOfTurn
            neuralModels = speech.neuralModels
        }
    }

    private var made: [Make: EmbeddedEngines] = [:]
    /// Of all that was made, for whoever looks from outside.
    private nonisolated let models = Lock<[NeuralEngines]>([])
    private let logger: Logger

    /// - Parameter logger: of the process; what is shared is no tenant's.
    package init(logger: Logger) { self.logger = logger }

    /// Different settings so far.
    var count: Int { made.count }

    /// What the models are like: no tenant's page has those that several use.
    nonisolated var samples: [PrometheusSample] { NeuralEngines.samples(of: models.withLock { $0 }) }

    /// Those of the settings, made where nobody had the same.
    func engines(_ speech: ParleyConfiguration.Speech) throws -> EmbeddedEngines {
        let make = Make(speech)
        if let engines = made[make] { return engines }
        let engines = try EmbeddedEngines(speech, logger: logger)
        made[make] = engines
        models.withLock { $0.append(engines.neural) }
        return engines
    }

    /// Ends all threads, after the last call of all services.
    func close() {
        for engines in made.values { engines.close() }
        made = [:]
        models.withLock { $0 = [] }
    }
}
