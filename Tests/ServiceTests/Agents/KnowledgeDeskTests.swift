import Foundation
import Store
import Testing

@testable import Service

@Suite("Documents that are changed while they are used", .timeLimit(.minutes(2)))
struct KnowledgeDeskTests {
    private struct Rig {
        let folder: URL
        let store: Store
        let library: DocumentLibrary
        let desk: KnowledgeDesk
    }

    private func withRig(_ body: (Rig) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-desk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "store/parley.sqlite").path)
        let documents = folder.appending(path: "documents")
        let library = DocumentLibrary(directory: documents.path, store: store)
        let desk = KnowledgeDesk(library, search: KnowledgeSearch(store: store))
        try await body(Rig(folder: documents, store: store, library: library, desk: desk))
        try store.close()
    }

    private static func text(_ number: Int) -> Data {
        Data("# Menu\n\nThe soup of the day is number \(number).\n".utf8)
    }

    @Test("a search finds a document as it was or as it is, never none and never two")
    func searched() async throws {
        try await withRig { rig in
            _ = try await rig.desk.put(Self.text(0), as: "menu.md", if: .always)
            let desk = rig.desk
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...40 { _ = try await desk.put(Self.text(number), as: "menu.md", if: .always) }
                }
                group.addTask {
                    for _ in 0..<200 {
                        let found = try await desk.passages(about: "soup of the day").passages
                        #expect(found.count == 1)
                    }
                }
                try await group.waitForAll()
            }
            let found = try await rig.desk.passages(about: "soup").passages
            #expect(found.map(\.text) == ["The soup of the day is number 40."])
        }
    }

    @Test("what is found in the end is what the file says, however many put it in at once")
    func together() async throws {
        try await withRig { rig in
            let desk = rig.desk
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        if number % 6 == 5 {
                            _ = try? await desk.remove("menu.md", if: .always)
                        } else {
                            _ = try? await desk.put(Self.text(number), as: "menu.md", if: .always)
                        }
                    }
                }
            }
            let file = try? Data(contentsOf: rig.folder.appending(path: "menu.md"))
            let hash = file.map { Document.hash(of: $0) }
            #expect(try await rig.store.document("menu.md")?.hash == hash)
            // Nothing that was begun is left.
            let files = try FileManager.default.contentsOfDirectory(atPath: rig.folder.path)
            #expect(files == (file == nil ? [] : ["menu.md"]))
        }
    }

    @Test("of many who know the same contents, one changes them")
    func once() async throws {
        try await withRig { rig in
            let desk = rig.desk
            let first = try await desk.put(Self.text(0), as: "menu.md", if: .isAbsent).document
            let condition = DocumentCondition(match: first.tag, noneMatch: nil)
            let count = await withTaskGroup(of: Bool.self) { group in
                for number in 1...8 {
                    group.addTask {
                        (try? await desk.put(Self.text(number), as: "menu.md", if: condition)) != nil
                    }
                }
                var count = 0
                for await isDone in group where isDone { count += 1 }
                return count
            }
            #expect(count == 1)
        }
    }

    @Test("a file that somebody changed in the folder itself is refused once, and known as it is from then on")
    func byHand() async throws {
        try await withRig { rig in
            let first = try await rig.desk.put(Self.text(0), as: "menu.md", if: .always).document
            try Self.text(1).write(to: rig.folder.appending(path: "menu.md"))
            let stale = DocumentCondition(match: first.tag, noneMatch: nil)
            await #expect(throws: KnowledgeDesk.Refusal.self) { try await rig.desk.remove("menu.md", if: stale) }
            #expect(try await rig.desk.passages(about: "soup").passages.map(\.text).first?.contains("number 1") == true)
            let known = try await rig.desk.document("menu.md").document
            #expect(known.digest != first.digest)
            let condition = DocumentCondition(match: known.tag, noneMatch: nil)
            let second = try await rig.desk.put(Self.text(2), as: "menu.md", if: condition).document
            // Gone by hand, it is gone for whoever asks next.
            try FileManager.default.removeItem(at: rig.folder.appending(path: "menu.md"))
            let last = DocumentCondition(match: second.tag, noneMatch: nil)
            await #expect(throws: KnowledgeDesk.Refusal.self) { try await rig.desk.remove("menu.md", if: last) }
            #expect(try await rig.store.documents().isEmpty)
        }
    }

    @Test("the folder as it is read at the start takes nothing away that was put in, and forgets what is gone")
    func folder() async throws {
        try await withRig { rig in
            for name in ["a.md", "b.md"] { _ = try await rig.desk.put(Self.text(1), as: name, if: .always) }
            try FileManager.default.removeItem(at: rig.folder.appending(path: "a.md"))
            try Data([0xFF, 0xFE]).write(to: rig.folder.appending(path: "c.md"))
            let report = try await rig.library.update()
            #expect(report.unchanged == 1 && report.removed == 1 && report.read == 0, "\(report)")
            #expect(report.leftOut == ["c.md: it is not UTF-8"])
            #expect(try await rig.store.documents().map(\.path) == ["b.md"])
            // A document in a folder of its own has a name that nobody could give it here, and can be changed all the same.
            let inner = rig.folder.appending(path: "soups")
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
            try Self.text(2).write(to: inner.appending(path: "menü.md"))
            #expect(try await rig.library.update().read == 1)
            let put = try await rig.desk.put(Self.text(3), as: "soups/menü.md", if: .isThere)
            #expect(!put.isNew)
            #expect(try await rig.desk.document("soups/menü.md").text.contains("number 3"))
            let leftOut = KnowledgeDesk(
                rig.library, search: KnowledgeSearch(store: rig.store),
                leftOut: { ["b.md: it is not UTF-8", "c.md: it is not UTF-8"] })
            // What was left out and has been put right since is told no more.
            #expect(try await leftOut.list(limit: 10, after: nil).leftOut == ["c.md: it is not UTF-8"])
        }
    }

    @Test(
        "names, by rule",
        arguments: [
            ("a.md", true), ("A b_c-1.0.html", true), ("a..md", true), ("1.csv", true), ("a.MD", false), (".md", false),
            ("a.md ", false), ("-a.md", false), ("a/b.md", false), ("a.pdf", false), ("a", false), ("", false),
            ("a\u{301}.md", false), ("a\n.md", false),
        ])
    func names(name: String, isSafe: Bool) {
        #expect(DocumentName.isSafe(name) == isSafe)
    }

    @Test("conditions, by rule")
    func conditions() {
        #expect(DocumentCondition(match: nil, noneMatch: nil).holds(for: nil))
        #expect(DocumentCondition(match: nil, noneMatch: "\"a\"") == .always)
        let absent = DocumentCondition(match: nil, noneMatch: "*")
        #expect(absent.holds(for: nil) && !absent.holds(for: "a"))
        let any = DocumentCondition(match: "*", noneMatch: nil)
        #expect(any.holds(for: "a") && !any.holds(for: nil))
        #expect(DocumentCondition(match: " \"a\" , W/\"b\",\"c\", d, \"", noneMatch: "*") == .has(["a", "c"]))
        #expect(!DocumentCondition(match: "", noneMatch: nil).holds(for: "a"))
    }

    @Test("a table of as many rows as may be is found to its last one; one row more is left out, and forgotten")
    func largest() async throws {
        try await withRig { rig in
            let file = rig.folder.appending(path: "stock.csv")
            func write(_ rows: Int) throws {
                let text = "item\n" + (1...rows).map { "part\($0)\n" }.joined()
                try FileManager.default.createDirectory(at: rig.folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            try write(Document.mostPassages)
            #expect(try await rig.library.update().passages == Document.mostPassages)
            let last = try await rig.desk.passages(about: "part\(Document.mostPassages)").passages
            #expect(last.map(\.text) == ["item: part\(Document.mostPassages)."])
            let ordered = try await rig.store.passages(ofDocument: "stock.csv")
            #expect(ordered.map(\.heading) == (1...Document.mostPassages).map { "part\($0)" })
            try write(Document.mostPassages + 1)
            let report = try await rig.library.update()
            #expect(report.leftOut == ["stock.csv: \(Document.tooLarge)"] && report.removed == 1)
            #expect(try await rig.store.document("stock.csv") == nil)
        }
    }

    @Test("a heading counts with each passage that stands under it", arguments: ["md", "html", "csv"])
    func longHeading(kind: String) {
        func document(passages: Int) -> Document {
            let heading = String(repeating: "a", count: 100_000)
            let sentences = String(repeating: String(repeating: "word ", count: 120) + "end. ", count: passages)
            let text =
                switch kind {
                case "html": "<h1>\(heading)</h1><p>\(sentences)</p>"
                case "csv": "h,t\n\(heading),\(sentences)\n"
                default: "# \(heading)\n\n\(sentences)\n"
                }
            return Document(text: text, kind: kind, path: "long.\(kind)")
        }
        let small = document(passages: 20)
        #expect(!small.isTooLarge && (20...22).contains(small.passages.count))
        // A hundred kilobytes of text, and a heading of as much two hundred times.
        let large = document(passages: 200)
        #expect(large.isTooLarge && large.passages.isEmpty)
    }
}
