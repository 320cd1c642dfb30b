import Foundation
import Store

/// The documents of a house, for those who look after them: what there is, putting one in, taking one out, and what an agent
/// would be given.
///
/// What calls look up is changed in one transaction, so a call that is looking something up sees a document as it was or
/// as it is, and no call is held up.
struct KnowledgeDesk: Sendable {
    /// Bytes of a document that is put in here; larger ones are put into the folder.
    static let largest = 1_048_576
    /// Documents of a folder into which more are put here.
    static let most = 1000

    enum Refusal: Error, Sendable {
        /// There is no such document.
        case unknown
        /// It is not what it was thought to be, or not there, or there already.
        case changed
        /// Its name is none that a document may have.
        case name
        /// There are ``most`` already.
        case full
        /// It is not UTF-8, or holds a zero.
        case notText
        /// It says nothing.
        case empty
        /// It makes more passages, or larger ones, than a document may.
        case tooLarge
        /// The folder does not take it: with the system's words.
        case folder(String)

        fileprivate init(_ refusal: DocumentShelf.Refusal) {
            switch refusal {
            case .changed: self = .changed
            case .folder(let words): self = .folder(words)
            }
        }
    }

    private let library: DocumentLibrary
    private let search: KnowledgeSearch
    private let shelf: DocumentShelf
    /// What was left out when the folder was read, each with its reason.
    private let leftOut: @Sendable () -> [String]

    init(
        _ library: DocumentLibrary, search: KnowledgeSearch, leftOut: @escaping @Sendable () -> [String] = { [] }
    ) {
        self.library = library
        self.search = search
        self.leftOut = leftOut
        shelf = DocumentShelf(directory: library.directory)
    }

    private var store: Store { library.store }

    /// - Parameters:
    ///   - limit: documents at most.
    ///   - cursor: the last one of the page before; nil for the first page.
    func list(limit: Int, after cursor: DocumentCursor?) async throws -> DocumentListView {
        // One more than asked tells whether another page follows.
        let found = try await store.documents(limit: limit + 1, after: cursor?.name)
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last.map { DocumentCursor(after: $0.path).description } : nil
        var isLeftOut = leftOut()
        if !isLeftOut.isEmpty {
            // One that was put right since then is no longer left out, whichever page it is on.
            let paths = try await store.documentPaths()
            isLeftOut.removeAll { line in paths.contains { line.hasPrefix("\($0): ") } }
        }
        return DocumentListView(documents: shown.map(view), next: next, leftOut: isLeftOut)
    }

    /// A document with its text: as it stands in the file, or what was taken out of it where that is no text.
    func document(_ name: String) async throws -> DocumentTextView {
        guard let record = try await store.document(name) else { throw Refusal.unknown }
        if let text = library.text(name) { return DocumentTextView(document: view(record), text: text) }
        let passages = try await store.passages(ofDocument: name)
        var parts: [String] = []
        for (index, passage) in passages.enumerated() {
            let isNew = index == 0 || passages[index - 1].heading != passage.heading
            if isNew, !passage.heading.isEmpty { parts.append("# \(passage.heading)") }
            parts.append(passage.text)
        }
        return DocumentTextView(document: view(record), text: parts.joined(separator: "\n\n"))
    }

    /// Puts a document in, or another in its place, and has it found from then on.
    ///
    /// - Returns: the document, and whether it is new.
    func put(
        _ bytes: Data, as name: String, if condition: DocumentCondition
    ) async throws -> (document: DocumentView, isNew: Bool) {
        let names = Set(try await store.documentPaths())
        // One that the folder has already may have another name.
        guard DocumentName.isSafe(name) || names.contains(name),
            DocumentName.textKinds.contains(DocumentName.kind(of: name))
        else { throw Refusal.name }
        guard names.contains(name) || names.count < Self.most else { throw Refusal.full }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw Refusal.notText }
        let document = Document(text: text, kind: DocumentName.kind(of: name), path: name)
        guard !document.isTooLarge else { throw Refusal.tooLarge }
        guard !document.passages.isEmpty else { throw Refusal.empty }
        let isNew: Bool
        do throws(DocumentShelf.Refusal) { isNew = try await shelf.put(bytes, as: name, if: condition) } catch {
            try await take(name, after: error)
            throw Refusal(error)
        }
        try await library.settle(name)
        // Somebody else may have taken it out again.
        guard let record = try await store.document(name) else { throw Refusal.changed }
        return (view(record), isNew)
    }

    /// Takes a document out of the folder and out of what is found.
    func remove(_ name: String, if condition: DocumentCondition) async throws {
        guard try await store.document(name) != nil else { throw Refusal.unknown }
        do throws(DocumentShelf.Refusal) { _ = try await shelf.remove(name, if: condition) } catch {
            try await take(name, after: error)
            throw Refusal(error)
        }
        try await library.settle(name)
    }

    /// Takes a file in that was changed in the folder itself: whoever is refused reads the document again, and must be told the
    /// digest that the next change is held against.
    private func take(_ name: String, after refusal: DocumentShelf.Refusal) async throws {
        guard case .changed = refusal, try await store.document(name)?.hash != library.hash(name) else { return }
        try await library.settle(name)
    }

    /// What an agent would be given that asks this.
    func passages(about question: String) async throws -> KnowledgeAnswerView {
        KnowledgeAnswerView(try await search.passages(about: question))
    }

    private func view(_ record: DocumentRecord) -> DocumentView {
        DocumentView(record, bytes: library.size(record.path))
    }
}
