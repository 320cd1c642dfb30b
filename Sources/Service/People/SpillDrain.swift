import Foundation
import Logging
package import Store

/// Brings what waits in a spill file into the database, where no service does.
package enum SpillDrain {
    /// - Returns: whether nothing waits there any more. A service that has the file and has spilled nothing is no obstacle.
    package static func run(_ configuration: ParleyConfiguration.Store, into store: Store) async -> Bool {
        let path = configuration.path + ".spill.jsonl"
        guard FileManager.default.fileExists(atPath: path) else { return true }
        do {
            let writer = try StoreWriter(
                store: store, options: StoreWriterOptions(spillPath: path), logger: Logger(label: "spill"))
            await writer.close()
            return writer.metrics.spillSize == 0
        } catch {
            guard error.code == .locked, let file = FileHandle(forReadingAtPath: path) else { return false }
            defer { try? file.close() }
            // Lines begin at the beginning; what is free is zeros.
            return (try? file.read(upToCount: 1))?.first ?? 0 == 0
        }
    }
}
