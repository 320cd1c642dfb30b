import Foundation

/// Where files of contacts that come over the API wait to be read, and rows that were left out wait to be fetched. All of it is
/// personal data, and goes after a day.
struct ImportFolder: Sendable {
    /// Seconds that a file stays.
    static let lifetime: TimeInterval = 86_400

    let directory: String

    /// A path for a file that is being received; the folder is there then.
    func newUpload() throws -> String {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return "\(directory)/\(CallID.new()).upload"
    }

    /// Where the rows are, or will be, that an import left out.
    ///
    /// - Parameters:
    ///   - campaign: the name of one that there is: it becomes part of a file's name.
    ///   - id: nil for what is no id of an import.
    func rejected(campaign: String, id: String) -> String? {
        guard CallID.isOne(id), !campaign.contains("/") else { return nil }
        return "\(directory)/\(campaign).\(id).rejected.csv"
    }

    /// Deletes what is older than ``lifetime``, whoever left it there.
    ///
    /// - Returns: how many files.
    @discardableResult
    func sweep(now: Date) -> Int { delete { now.timeIntervalSince($0) > Self.lifetime } }

    /// Deletes the rows of every import: a person's number may be in any of them, in any form.
    func forget() { delete(suffix: ".rejected.csv") { _ in true } }

    @discardableResult
    private func delete(suffix: String? = nil, _ isOver: (Date) -> Bool) -> Int {
        let files = FileManager.default
        var count = 0
        for name in (try? files.contentsOfDirectory(atPath: directory)) ?? [] {
            guard name.hasSuffix(".upload") || name.hasSuffix(".rejected.csv"),
                suffix.map({ name.hasSuffix($0) }) ?? true
            else { continue }
            let path = "\(directory)/\(name)"
            guard let changed = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date, isOver(changed)
            else { continue }
            if (try? files.removeItem(atPath: path)) != nil { count += 1 }
        }
        return count
    }
}
