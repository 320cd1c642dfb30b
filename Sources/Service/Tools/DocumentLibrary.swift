import Foundation
import Store

/// The folder of documents that agents may look things up in, kept in the store as searchable passages.
struct DocumentLibrary: Sendable {
    /// What an update did.
    struct Report: Sendable, CustomStringConvertible {
        var read = 0
        var unchanged = 0
        var removed = 0
        var passages = 0
        var leftOut: [String] = []

        var description: String {
            "\(read) read with \(passages) passages, \(unchanged) unchanged, \(removed) removed"
                + (leftOut.isEmpty ? "" : "; left out: \(leftOut.joined(separator: ", "))")
        }
    }

    let directory: String
    let store: Store

    /// Bytes of one document that are read; larger ones are left out.
    private static let largestDocument = 4 << 20
    private static let kinds: Set<String> = ["md", "markdown", "txt", "csv", "html", "htm"]

    /// Reads what is new or changed, and forgets what is gone.
    func update() async throws -> Report {
        let root = URL(fileURLWithPath: directory)
        var report = Report()
        guard let names = FileManager.default.subpaths(atPath: root.path) else {
            report.leftOut = ["everything: there is no folder \(directory)"]
            report.removed = try await store.keepDocuments([])
            return report
        }
        var kept: Set<String> = []
        for name in names.sorted() {
            let kind = (name.split(separator: ".").last ?? "").lowercased()
            guard name.contains("."), !name.hasPrefix("."), Self.kinds.contains(kind) else { continue }
            guard let bytes = try? Data(contentsOf: root.appendingPathComponent(name)),
                bytes.count <= Self.largestDocument, let text = String(validating: bytes, as: UTF8.self)
            else {
                report.leftOut.append(name)
                continue
            }
            kept.insert(name)
            let document = Document(text: text, kind: kind, path: name)
            guard try await !store.hasDocument(path: name, hash: document.hash) else {
                report.unchanged += 1
                continue
            }
            try await store.add(
                document: name, title: document.title, hash: document.hash, passages: document.passages)
            report.read += 1
            report.passages += document.passages.count
        }
        report.removed = try await store.keepDocuments(kept)
        return report
    }
}
