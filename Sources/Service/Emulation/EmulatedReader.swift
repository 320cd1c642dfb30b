import AudioCore
import Logging
import Speech

/// The embedded voice, for an emulated model that speaks.
struct EmulatedReader: Sendable {
    private let voice: FliteSynthesizer
    private let logger: Logger

    init(logger: Logger) {
        var configuration = FliteConfiguration()
        configuration.workerCount = 1
        voice = FliteSynthesizer(configuration: configuration, logger: logger)
        self.logger = logger
    }

    func close() { voice.close() }

    /// - Returns: µ-law at 8 kHz; nothing where the voice could not read the text.
    @Sendable func read(_ text: String) async -> [UInt8] {
        var audio: [UInt8] = []
        do {
            let session = try await voice.makeSession(voice: "", format: .telephone)
            defer { session.close() }
            for try await chunk in session.synthesize(text) { audio += chunk }
        } catch {
            logger.warning("the emulated model has no voice", metadata: ["error": "\(error)"])
        }
        return audio
    }
}
