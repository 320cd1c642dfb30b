import Foundation

/// The folder of a service that only this process calls: its database, recordings and whatever its calls leave. Emptied
/// before each use, so only a folder that was made for that is taken.
enum ScratchFolder {
    /// The name of the file that says so.
    static let marker = ".parley-scratch"
    /// Where commands put theirs unless told otherwise; those of versions without a marker are taken too.
    static let usual: Set = ["var/demo", "var/evaluation", "var/mic", "var/simulation"]

    /// Why a folder is not taken.
    struct Fault: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "the folder \(path) \(reason)" }
    }

    /// Makes the folder, or empties it.
    ///
    /// - Throws: ``Fault`` when there is anything else in it, before anything is deleted; or the system's error.
    static func prepare(_ path: String) throws -> URL {
        let folder = URL(fileURLWithPath: path)
        let manager = FileManager.default
        if manager.fileExists(atPath: folder.path) {
            guard let names = try? manager.contentsOfDirectory(atPath: folder.path) else {
                throw Fault(path: path, reason: "is a file or cannot be read; name a folder")
            }
            guard names.isEmpty || names.contains(marker) || usual.contains(path) else {
                throw Fault(
                    path: path,
                    reason: "holds other files, and would be emptied; name one that is empty or does not exist yet")
            }
            // The marker goes last: what an interruption leaves is still known for what it is.
            for name in names where name != marker {
                try manager.removeItem(at: folder.appendingPathComponent(name))
            }
        } else {
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data("Emptied by parley before each run; keep nothing here.\n".utf8)
            .write(to: folder.appendingPathComponent(marker))
        return folder
    }
}
