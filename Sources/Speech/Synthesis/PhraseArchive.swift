package import Foundation
import Synchronization

/// Phrases as they were synthesised, on disk: what a vendor was paid for once is there after a restart.
///
/// Bounded in bytes; the phrase that nobody has wanted for longest makes room. Files are written whole or not at all, and
/// one that is damaged is as good as absent. Reading and writing happen on a queue of their own.
package final class PhraseArchive: Sendable {
    private struct Entry: Sendable {
        var bytes: Int
        /// Counts uses; the least was used longest ago.
        var used: Int
    }

    private struct Index: Sendable {
        var entries: [String: Entry] = [:]
        var bytes = 0
        var uses = 0
        var pendingWrites = 0
    }

    private let directory: URL
    private let capacity: Int
    private let mayKeep: @Sendable (String) -> Bool
    private let queue = DispatchQueue(label: "phrase-archive")
    private let index = Protected(Index())
    private let dropped = Atomic<Int>(0)
    private let damaged = Atomic<Int>(0)

    /// Phrases that may wait to be written; more are not kept.
    private static let mostPendingWrites = 64

    /// Takes stock of what is there.
    ///
    /// - Parameters:
    ///   - directory: made if absent; nothing else should be in it.
    ///   - capacity: in bytes of files, more than 0.
    ///   - mayKeep: whether a text may be on disk at all.
    /// - Throws: when the directory cannot be made or read.
    package init(
        directory: URL, capacity: Int, mayKeep: @escaping @Sendable (_ text: String) -> Bool = { _ in true }
    ) throws {
        precondition(capacity > 0, "an archive without room is no archive")
        self.directory = directory
        self.capacity = capacity
        self.mayKeep = mayKeep
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: Array(keys))
        var found: [(name: String, bytes: Int, date: Date)] = []
        for file in files {
            guard file.pathExtension == PhraseFile.pathExtension else {
                // What an abrupt end left half written.
                if file.pathExtension == "part" { try? FileManager.default.removeItem(at: file) }
                continue
            }
            guard let values = try? file.resourceValues(forKeys: keys), let size = values.fileSize else { continue }
            found.append((file.lastPathComponent, size, values.contentModificationDate ?? .distantPast))
        }
        found.sort { $0.date < $1.date }
        let names = index.withLock { index in
            for file in found {
                index.uses += 1
                index.entries[file.name] = Entry(bytes: file.bytes, used: index.uses)
                index.bytes += file.bytes
            }
            return Self.makeRoom(&index, for: 0, capacity: capacity)
        }
        remove(names)
    }

    /// Bytes of files.
    package var byteCount: Int { index.withLock { $0.bytes } }
    /// Phrases not kept because the disk was too slow or refused them.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }
    /// Files that were damaged, and removed.
    package var damagedCount: Int { damaged.load(ordering: .relaxed) }

    /// Whether a phrase is there, without a look at the disk.
    func contains(_ key: PhraseCache.Key) -> Bool {
        let name = PhraseFile.name(of: key)
        return index.withLock { $0.entries[name] != nil }
    }

    /// A phrase's audio; nil when it is not there, or damaged.
    func audio(for key: PhraseCache.Key) async -> [UInt8]? {
        guard contains(key) else { return nil }
        return await withCheckedContinuation { done in
            queue.async { [self] in done.resume(returning: read(key)) }
        }
    }

    /// Keeps a phrase, in its own time.
    func keep(_ audio: [UInt8], for key: PhraseCache.Key) {
        guard mayKeep(key.text) else { return }
        let isAccepted = index.withLock { index in
            guard index.pendingWrites < Self.mostPendingWrites else { return false }
            index.pendingWrites += 1
            return true
        }
        guard isAccepted else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            write(audio, key)
            index.withLock { $0.pendingWrites -= 1 }
        }
    }

    /// Returns once everything accepted before has been written.
    package func settle() async {
        await withCheckedContinuation { done in queue.async { done.resume() } }
    }

    // MARK: On the queue

    private func read(_ key: PhraseCache.Key) -> [UInt8]? {
        let name = PhraseFile.name(of: key)
        let file = directory.appending(path: name)
        guard let bytes = try? Data(contentsOf: file), let audio = PhraseFile.audio(in: Array(bytes), of: key) else {
            damaged.wrappingAdd(1, ordering: .relaxed)
            forget([name])
            remove([name])
            return nil
        }
        index.withLock { index in
            index.uses += 1
            index.entries[name]?.used = index.uses
        }
        // The order of use outlives a restart.
        try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
        return audio
    }

    private func write(_ audio: [UInt8], _ key: PhraseCache.Key) {
        let name = PhraseFile.name(of: key)
        let bytes = PhraseFile.bytes(audio, of: key)
        guard bytes.count <= capacity else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        forget([name])
        remove(index.withLock { Self.makeRoom(&$0, for: bytes.count, capacity: capacity) })
        let part = directory.appending(path: name + ".part")
        do {
            try Data(bytes).write(to: part)
            let file = directory.appending(path: name)
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
            try FileManager.default.moveItem(at: part, to: file)
            index.withLock { index in
                index.uses += 1
                index.entries[name] = Entry(bytes: bytes.count, used: index.uses)
                index.bytes += bytes.count
            }
        } catch {
            try? FileManager.default.removeItem(at: part)
            dropped.wrappingAdd(1, ordering: .relaxed)
        }
    }

    private func forget(_ names: [String]) {
        index.withLock { index in
            for name in names { index.bytes -= index.entries.removeValue(forKey: name)?.bytes ?? 0 }
        }
    }

    private func remove(_ names: [String]) {
        for name in names { try? FileManager.default.removeItem(at: directory.appending(path: name)) }
    }

    /// Forgets what was used longest ago, until so many bytes more fit.
    ///
    /// - Returns: the files to remove.
    private static func makeRoom(_ index: inout Index, for bytes: Int, capacity: Int) -> [String] {
        guard index.bytes + bytes > capacity else { return [] }
        var names: [String] = []
        for (name, entry) in index.entries.sorted(by: { $0.value.used < $1.value.used }) {
            guard index.bytes + bytes > capacity else { break }
            index.bytes -= entry.bytes
            index.entries[name] = nil
            names.append(name)
        }
        return names
    }
}
