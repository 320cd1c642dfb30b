import Foundation
import Testing

@testable import Speech

/// The neural models as `scripts/setup` fetches them; `make test` has them.
enum InstalledModels {
    static let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL
    static let files = NeuralFiles(directory: root.appending(path: ".cache/neural").path)
    static let advice: Comment = "scripts/setup has not fetched the neural models"

    static func runtime() throws -> OnnxRuntime { try OnnxRuntime(library: files.library) }

    /// A recorded caller without noise.
    static func recording(_ name: String) -> String {
        root.appending(path: "audio-fixtures/clean/\(name).wav").path
    }
}
