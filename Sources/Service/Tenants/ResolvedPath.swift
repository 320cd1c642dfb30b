import Foundation

/// Where a path leads to, whether or not something is there yet.
struct ResolvedPath: Sendable, Equatable {
    let text: String
    /// Device and number of what is there; nil where nothing is. A mount or a hard link gives one thing two paths.
    private let identity: [UInt64]?

    /// - Parameter path: relative ones begin in the process's directory.
    init(_ path: String) {
        text = Self.resolve(URL(fileURLWithPath: path).standardizedFileURL.path, links: 40)
        let facts = try? FileManager.default.attributesOfItem(atPath: text)
        let numbers = [facts?[.systemNumber], facts?[.systemFileNumber]].compactMap { value -> UInt64? in
            if let number = value as? any BinaryInteger { return UInt64(truncatingIfNeeded: number) }
            return (value as? NSNumber)?.uint64Value
        }
        identity = numbers.count == 2 ? numbers : nil
    }

    var isThere: Bool { identity != nil }

    /// Whether both are one thing.
    func isSame(as other: Self) -> Bool { text == other.text || (identity != nil && identity == other.identity) }

    /// Whether `other` lies below this.
    func contains(_ other: Self) -> Bool { other.text.hasPrefix(text == "/" ? text : text + "/") }

    private static func resolve(_ path: String, links: Int) -> String {
        guard path != "/", links > 0 else { return path }
        let url = URL(fileURLWithPath: path)
        let parent = resolve(url.deletingLastPathComponent().path, links: links)
        let place = (parent == "/" ? "" : parent) + "/" + url.lastPathComponent
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { return place }
        let next = target.hasPrefix("/") ? target : parent + "/" + target
        return resolve(URL(fileURLWithPath: next).standardizedFileURL.path, links: links - 1)
    }
}
