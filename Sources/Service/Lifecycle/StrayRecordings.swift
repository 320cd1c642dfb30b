import Foundation

/// The recordings in a folder by their age, whether or not a call knows of them.
struct StrayRecordings {
    /// The files that have one call's name.
    struct Files: Equatable {
        let id: String
        var paths: [String]
    }

    let folder: String

    /// Files that were last written before `moment`, by call; none of one with a newer file. What does not have a call's name is
    /// somebody else's.
    func old(before moment: Date, except live: Set<String>) throws -> [Files] {
        // None has been made yet.
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .isRegularFileKey]
        let urls = try FileManager.default.contentsOfDirectory(
            at: URL(fileURLWithPath: folder), includingPropertiesForKeys: Array(keys))
        var paths: [String: [String]] = [:]
        var kept = live
        for url in urls where ["wav", "sealed"].contains(url.pathExtension) {
            let id = url.deletingPathExtension().lastPathComponent
            guard CallID.isOne(id), let values = try? url.resourceValues(forKeys: keys), values.isRegularFile == true
            else { continue }
            if let written = values.contentModificationDate, written < moment {
                paths[id, default: []].append(url.path)
            } else {
                kept.insert(id)
            }
        }
        return paths.filter { !kept.contains($0.key) }.map { Files(id: $0.key, paths: $0.value.sorted()) }
            .sorted { $0.id < $1.id }
    }
}
