import Foundation

/// Small files computed from installed models, each named after a hash of its inputs.
enum CacheFile {
    /// Writes `contents` to `file` unless it exists. Several processes may do so at once: each writes its own
    /// temporary file and moves it into place.
    static func write(_ file: URL, contents: () throws(SpeechError) -> String) throws(SpeechError) {
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        let text = try contents()
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            throw SpeechError(
                .invalidModel, operation: "write \(file.path)", provider: "pocketsphinx",
                detail: "\(error.localizedDescription); choose a model cache that can be written")
        }
    }
}
