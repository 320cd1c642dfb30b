import Agent
import Foundation
import Store
import Testing

@testable import Service

/// These need `pdftotext`, which `scripts/setup` installs.
@Suite("PDF documents", .timeLimit(.minutes(1)))
struct DocumentPDFTests {
    /// A PDF file with these lines on each of its pages.
    private static func pdf(_ pages: [[String]]) -> Data {
        let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        for (index, lines) in pages.enumerated() {
            let text = "BT /F1 12 Tf 72 770 Td 14 TL " + lines.map { "(\($0)) Tj T*" }.joined(separator: " ") + " ET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents \(5 + 2 * index) 0 R >>"
            )
            objects.append("<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream")
        }
        var file = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets { file += String(repeating: "0", count: 10 - "\(offset)".count) + "\(offset) 00000 n \n" }
        file += "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Data(file.utf8)
    }

    private static let manual = pdf([
        ["Warranty", "The warranty lasts five years", "from the day of delivery."], [],
        ["Claims go to the desk", "and need the receipt."],
    ])

    private func withLibrary(
        _ files: [String: Data], pdf: PDFText = PDFText(),
        _ body: (DocumentLibrary, DocumentLibrary.Report) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-pdf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try bytes.write(to: folder.appending(path: name)) }
        let store = try Store(path: folder.appending(path: "store/parley.sqlite").path)
        let library = DocumentLibrary(directory: folder.path, store: store, pdf: pdf)
        try await body(library, try await library.update())
        try store.close()
    }

    @Test("are found by their words, with file and page")
    func pages() async throws {
        try await withLibrary(["manual.pdf": Self.manual]) { library, report in
            #expect(report.read == 1 && report.passages == 2 && report.leftOut.isEmpty, "\(report)")
            let tool = KnowledgeTool(store: library.store)
            let context = ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k")
            let found = try await tool.call(["question": "how long is the warranty"], context: context)
            #expect(
                found["passages"]?[0]
                    == [
                        "source": "manual.pdf", "title": "manual.pdf", "heading": "page 1",
                        "text": "Warranty The warranty lasts five years from the day of delivery.",
                    ])
            let claims = try await tool.call(["question": "receipt for claims"], context: context)
            #expect(claims["passages"]?[0]?["heading"] == "page 3")
            // Not taken apart a second time.
            let again = try await library.update()
            #expect(again.unchanged == 1 && again.read == 0)
        }
    }

    @Test("are left out with the reason where they are none, beside what can be read")
    func hostile() async throws {
        let files: [String: Data] = [
            "a.md": Data("# Hours\n\nOpen until six.".utf8), "broken.pdf": Data("%PDF-1.4\nnothing".utf8),
            "empty.pdf": Data(), "noise.pdf": Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }),
            "picture.pdf": Self.pdf([[]]),
        ]
        try await withLibrary(files) { _, report in
            #expect(report.read == 1, "\(report)")
            #expect(report.leftOut.count == 4, "\(report)")
            #expect(report.leftOut.contains { $0.hasPrefix("broken.pdf: pdftotext cannot read it: Syntax Error: ") })
            #expect(report.leftOut.contains { $0.hasPrefix("picture.pdf: it has no text") })
        }
    }

    @Test("are bounded in time and in text, with a sandbox and without", arguments: ["/usr/bin/bwrap", "/none/bwrap"])
    func bounds(bubblewrap: String) async throws {
        var reader = PDFText()
        reader.sandbox.bubblewrap = bubblewrap
        // Many containers let nobody make namespaces.
        let isConfined = (try? await reader.sandbox.probe()) != nil
        try await withLibrary(["manual.pdf": Self.manual], pdf: reader) { _, report in
            #expect(report.read == 1 && report.unconfined == (isConfined ? 0 : 1), "\(report)")
            #expect((report.obstacle == nil) == isConfined)
            // Why there is none is told.
            if bubblewrap == "/none/bwrap" {
                #expect("\(report)".contains("without a sandbox: there is no /none/bwrap"), "\(report)")
            }
        }
        reader.sandbox.limits.output = 20
        try await withLibrary(["manual.pdf": Self.manual], pdf: reader) { _, report in
            #expect(report.leftOut == ["manual.pdf: it has more than 20 bytes of text"])
        }
        reader.sandbox.limits.output = 1 << 20
        reader.sandbox.limits.time = .zero
        try await withLibrary(["manual.pdf": Self.manual], pdf: reader) { _, report in
            #expect(report.leftOut == ["manual.pdf: reading it took more than 0.0 seconds"])
        }
    }

    @Test(
        "are not read outside the sandbox after they were inside, whatever a reader that they have taken over says",
        .enabled("bubblewrap is missing, or may make no namespaces here") {
            (try? await PDFText().sandbox.probe()) != nil
        })
    func takenOver() async throws {
        // Not in /tmp, which a sandbox has its own of.
        let folder = URL(filePath: "/var/tmp/parley-pdf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var reader = PDFText()
        reader.program = folder.appending(path: "pdftotext").path
        reader.sandbox.readable = ["/usr/bin/dash"]
        let marker = folder.appending(path: "outside")
        let script = "#!/usr/bin/dash\necho 'bwrap: nothing goes' >&2\n: > \(marker.path)\nexit 1\n"
        #expect(
            FileManager.default.createFile(
                atPath: reader.program, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755]))
        try await withLibrary(["manual.pdf": Self.manual], pdf: reader) { _, report in
            #expect(report.unconfined == 0)
            #expect(
                report.leftOut.first?.hasPrefix("manual.pdf: pdftotext cannot read it: bwrap: nothing goes") == true,
                "\(report)")
        }
        #expect(!FileManager.default.fileExists(atPath: marker.path))
    }

    @Test("name the package that is missing, and stop nothing else")
    func missing() async throws {
        var reader = PDFText()
        reader.program = "/none/pdftotext"
        let files = ["manual.pdf": Self.manual, "a.txt": Data("Open until six.".utf8)]
        try await withLibrary(files, pdf: reader) { _, report in
            #expect(report.read == 1)
            #expect(
                report.leftOut == [
                    "manual.pdf: there is no /none/pdftotext to read PDF files with; install the package poppler-utils"
                ])
        }
    }
}
