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
    /// How often a document is read again that others change meanwhile.
    private static let mostReadings = 100

    /// Reads what is new or changed, and forgets what is gone.
    func update() async throws -> Report {
        let root = URL(fileURLWithPath: directory)
        var report = Report()
        // Decided once, by a harmless program, before any file has a say in it.
        var isConfined: Bool?
        // Before the folder is looked at: what comes meanwhile is not among those that may be gone.
        let stored = try await store.documentPaths()
        guard let names = FileManager.default.subpaths(atPath: root.path) else {
            report.leftOut = ["everything: there is no folder \(directory)"]
            report.removed = try await store.keepDocuments([])
            return report
        }
        var kept: Set<String> = []
        for name in names.sorted() {
            try Task.checkCancellation()
            let kind = DocumentName.kind(of: name)
            guard !name.hasPrefix("."), kind == "pdf" || DocumentName.textKinds.contains(kind) else { continue }
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
            let document = Document(text: text, kind: kind, path: name)
            guard !document.isTooLarge else {
                report.leftOut.append("\(name): \(Document.tooLarge)")
                continue
            }
            kept.insert(name)
            try await store.add(
                document: name, title: document.title, hash: hash, passages: document.passages)
            if kind != "pdf", self.bytes(name) != bytes { try await settle(name) }
            report.read += 1
            report.passages += document.passages.count
        }
        let found = Set(names)
        for name in stored where !kept.contains(name) {
            // One that has come back meanwhile was read by whoever brought it.
            guard found.contains(name) || !isThere(name) else { continue }
            if try await store.removeDocument(name) { report.removed += 1 }
        }
        return report
    }

    /// Brings what is found of one document that is text in line with its file, which others may change at the same time.
    func settle(_ name: String) async throws {
        let kind = DocumentName.kind(of: name)
        var bytes = self.bytes(name)
        for _ in 0..<Self.mostReadings {
            if let bytes, let text = String(validating: bytes, as: UTF8.self), DocumentName.textKinds.contains(kind) {
                let document = Document(text: text, kind: kind, path: name)
                if document.isTooLarge {
                    try await store.removeDocument(name)
                } else {
                    try await store.add(
                        document: name, title: document.title, hash: Document.hash(of: bytes),
                        passages: document.passages)
                }
            } else if bytes == nil {
                try await store.removeDocument(name)
            }
            // Whoever was last to store looks once more, so that what is stored in the end is what the file says.
            let now = self.bytes(name)
            guard now != bytes else { return }
            bytes = now
        }
    }

    /// The text of a document as its file has it; nil where it is no text, or gone.
    func text(_ name: String) -> String? {
        guard DocumentName.textKinds.contains(DocumentName.kind(of: name)) else { return nil }
        return bytes(name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Bytes of a document's file; nil where it is gone.
    func size(_ name: String) -> Int? {
        (try? file(name).resourceValues(forKeys: [.fileSizeKey]))?.fileSize
    }

    /// Of what the file says now; nil where it is gone.
    func hash(_ name: String) -> String? { bytes(name).map { Document.hash(of: $0) } }

    private func bytes(_ name: String) -> Data? { try? Data(contentsOf: file(name)) }

    private func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

    private func file(_ name: String) -> URL { URL(fileURLWithPath: directory).appendingPathComponent(name) }

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
