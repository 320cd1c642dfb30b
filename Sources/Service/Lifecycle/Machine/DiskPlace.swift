import Foundation
import Glibc

/// A folder that the service writes to, as it was measured.
struct DiskPlace: Sendable, Equatable {
    /// Below that nothing new is written before long: a start is not worth it.
    static let least = 256 << 20
    /// Below that somebody should look.
    static let little = 2 << 30

    /// The keys that lead here.
    var keys: [String]
    /// As configured.
    var folder: String
    /// The folder itself, or the nearest one above that exists: the rest is made at the start.
    var existing: String
    var isFolder: Bool
    var isWritable: Bool
    /// For users without privileges; nil where the system does not say.
    var freeBytes: Int?
    /// Files that can still be made; nil where the file system counts none.
    var freeFiles: Int?

    /// What is wrong with it and what to do; nil where nothing is.
    var fault: String? {
        guard isFolder else { return "\(existing) is no folder; name another one" }
        guard isWritable else {
            return
                "\(existing) cannot be written to by this user; give it to the service's user (chown), or name another"
        }
        if let freeBytes, freeBytes < Self.least {
            return
                "\(existing) has \(Self.megabytes(freeBytes)) MB left, and \(Self.megabytes(Self.least)) MB is the least; "
                + "make room, or lead it to another disk"
        }
        if freeFiles == 0 { return "\(existing) has room, but its file system can make no more files (inodes)" }
        return nil
    }

    /// What was found where nothing is wrong.
    var summary: String {
        guard let freeBytes else { return "\(folder) can be written to" }
        let advice = freeBytes < Self.little ? "; that is little, make room" : ""
        return "\(folder) can be written to, \(Self.megabytes(freeBytes)) MB free\(advice)"
    }

    private static func megabytes(_ bytes: Int) -> Int { bytes >> 20 }
}

extension DiskPlace {
    /// Looks at a folder that may not be made yet.
    static func measure(_ folder: String, keys: [String]) -> DiskPlace {
        let files = FileManager.default
        var existing = URL(fileURLWithPath: folder).standardizedFileURL
        while !files.fileExists(atPath: existing.path), existing.path != "/" { existing.deleteLastPathComponent() }
        var file = stat()
        let isFolder = unsafe stat(existing.path, &file) == 0 && file.st_mode & S_IFMT == S_IFDIR
        var status = statvfs()
        var (bytes, inodes): (Int?, Int?) = (nil, nil)
        if unsafe statvfs(existing.path, &status) == 0 {
            bytes = Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).0)
            // Some file systems make them as they are needed, and count none.
            inodes = status.f_files == 0 ? nil : Int(clamping: status.f_favail)
        }
        return DiskPlace(
            keys: keys, folder: folder, existing: existing.path, isFolder: isFolder,
            isWritable: unsafe access(existing.path, W_OK | X_OK) == 0, freeBytes: bytes, freeFiles: inodes)
    }

    /// Where a configuration writes to, each folder once.
    static func all(_ configuration: ParleyConfiguration) -> [DiskPlace] {
        let spill = configuration.store.path + ".spill.jsonl"
        // Beside the database, and there even where the database is on a server.
        var wanted = [(URL(fileURLWithPath: spill).deletingLastPathComponent().path, "store.path")]
        if configuration.recordings.isEnabled {
            wanted.append((configuration.recordings.directory, "recordings.directory"))
        }
        var places: [DiskPlace] = []
        for (folder, key) in wanted {
            let path = URL(fileURLWithPath: folder).standardizedFileURL.path
            if let index = places.firstIndex(where: {
                URL(fileURLWithPath: $0.folder).standardizedFileURL.path == path
            }) {
                places[index].keys.append(key)
            } else {
                places.append(measure(folder, keys: [key]))
            }
        }
        return places
    }
}
