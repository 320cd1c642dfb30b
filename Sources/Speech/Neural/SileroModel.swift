/// The Silero model, loaded. One for the process; every media loop makes a ``SileroBatch`` of it.
package final class SileroModel: Sendable {
    let session: OnnxSession
    /// Told of each failed run; then the calls concerned go on with the built-in detector.
    let onFailure: @Sendable (SpeechError) -> Void

    /// Of the library that runs it.
    package var runtimeVersion: String { session.runtime.version }

    /// - Throws: `invalidModel` when a file is absent or damaged.
    package init(
        _ files: NeuralFiles, runtime: OnnxRuntime, onFailure: @escaping @Sendable (SpeechError) -> Void = { _ in }
    ) throws(SpeechError) {
        session = try OnnxSession(model: files.silero, runtime: runtime)
        self.onFailure = onFailure
    }
}
