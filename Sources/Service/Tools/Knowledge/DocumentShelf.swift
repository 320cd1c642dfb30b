import Foundation

/// Puts files into the folder of documents and takes them out, one change at a time, so that a condition still holds when
/// what depends on it is done.
actor DocumentShelf {
    enum Refusal: Error, Sendable {
        /// The condition does not hold.
        case changed
        /// The folder does not take it: with the system's words.
        case folder(String)
    }

    private let root: URL

    init(directory: String) { root = URL(fileURLWithPath: directory) }

    /// - Returns: whether it is new.
    func put(_ bytes: Data, as name: String, if condition: DocumentCondition) throws(Refusal) -> Bool {
        let file = root.appendingPathComponent(name)
        let hash = Self.hash(of: file)
        guard condition.holds(for: hash) else { throw .changed }
        do {
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            // Whoever reads meanwhile reads what was there, whole.
            try bytes.write(to: file, options: .atomic)
        } catch { throw .folder(error.localizedDescription) }
        return hash == nil
    }

    /// - Returns: whether it was there.
    func remove(_ name: String, if condition: DocumentCondition) throws(Refusal) -> Bool {
        let file = root.appendingPathComponent(name)
        let hash = Self.hash(of: file)
        guard condition.holds(for: hash) else { throw .changed }
        guard hash != nil else { return false }
        do { try FileManager.default.removeItem(at: file) } catch { throw .folder(error.localizedDescription) }
        return true
    }

    private static func hash(of file: URL) -> String? { (try? Data(contentsOf: file)).map { Document.hash(of: $0) } }
}
