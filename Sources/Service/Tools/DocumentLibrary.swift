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
        /// PDF files that were read without a sandbox, because none could be made.
        var unconfined = 0
        /// Why none could be made; nil where one could, or where no PDF file was read.
        var obstacle: String?
        /// Each with the reason.
        var leftOut: [String] = []

        var description: String {
            "\(read) read with \(passages) passages, \(unchanged) unchanged, \(removed) removed"
                + (unconfined == 0 ? "" : "; \(unconfined) PDF read without a sandbox: \(obstacle ?? "")")
                + (leftOut.isEmpty ? "" : "; left out: \(leftOut.joined(separator: "; "))")
        }
    }

    let directory: String
    let store: Store
    var pdf = PDFText()

    /// Bytes of one document that are read; larger ones are left out.
    private static let largestDocument = 4 << 20
    /// The same of a PDF file, most of which is no text.
    private static let largestPDF = 64 << 20
    private static let kinds: Set<String> = ["md", "markdown", "txt", "csv", "html", "htm", "pdf"]

    /// Reads what is new or changed, and forgets what is gone.
    func update() async throws -> Report {
        let root = URL(fileURLWithPath: directory)
        var report = Report()
        // Decided once, by a harmless program, before any file has a say in it.
        var isConfined: Bool?
        guard let names = FileManager.default.subpaths(atPath: root.path) else {
            report.leftOut = ["everything: there is no folder \(directory)"]
            report.removed = try await store.keepDocuments([])
            return report
        }
        var kept: Set<String> = []
        for name in names.sorted() {
            let kind = (name.split(separator: ".").last ?? "").lowercased()
            guard name.contains("."), !name.hasPrefix("."), Self.kinds.contains(kind) else { continue }
            let file = root.appendingPathComponent(name)
            let largest = kind == "pdf" ? Self.largestPDF : Self.largestDocument
            let size = (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
            guard size <= largest, let bytes = try? Data(contentsOf: file), bytes.count <= largest else {
                report.leftOut.append("\(name): it cannot be read, or has more than \(largest >> 20) MB")
                continue
            }
            let hash = Document.hash(of: bytes)
            guard try await !store.hasDocument(path: name, hash: hash) else {
                kept.insert(name)
                report.unchanged += 1
                continue
            }
            if kind == "pdf", isConfined == nil {
                report.obstacle = await pdf.obstacle()
                isConfined = report.obstacle == nil
            }
            guard
                let text = await text(
                    bytes, of: file, kind: kind, name: name, isConfined: isConfined ?? true, &report)
            else { continue }
            kept.insert(name)
            let document = Document(text: text, kind: kind, path: name)
            try await store.add(
                document: name, title: document.title, hash: hash, passages: document.passages)
            report.read += 1
            report.passages += document.passages.count
        }
        report.removed = try await store.keepDocuments(kept)
        return report
    }

    private func text(
        _ bytes: Data, of file: URL, kind: String, name: String, isConfined: Bool, _ report: inout Report
    ) async -> String? {
        guard kind == "pdf" else {
            let text = String(validating: bytes, as: UTF8.self)
            if text == nil { report.leftOut.append("\(name): it is not UTF-8") }
            return text
        }
        do throws(PDFText.Failure) {
            let text = try await pdf.text(of: file, isConfined: isConfined)
            if !isConfined { report.unconfined += 1 }
            return text
        } catch {
            report.leftOut.append("\(name): \(error)")
            return nil
        }
    }
}
