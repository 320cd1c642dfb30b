import Campaigns
package import Foundation
package import Store

/// Shows what is kept of a person, and erases it: the database, recordings, the spill file and vendors' phrases on disk.
package struct PersonOffice: Sendable {
    /// What was done, and what of it concerns files of ours.
    package struct Erasure: Sendable, Encodable {
        package let receipt: String
        package let rows: [String: Int]
        package let recordings: Int
        /// Phrases that were taken off the disk: one may have held a name, and they cannot be told apart.
        package let phrases: Int
        package let kept: [PersonErasure.Kept]
        package let mentions: [String]
    }

    /// Why nothing was done.
    package enum Obstacle: Error, Sendable, Equatable, CustomStringConvertible {
        /// Records wait outside the database, where nothing can be erased.
        case recordsWait
        case badNumber(String)

        package var description: String {
            switch self {
            case .recordsWait:
                "Records of calls wait for the database in the spill file; try again when it is empty (the metric parley_store_spill_bytes)."
            case .badNumber(let why): "The number \(why); write +, the country's code and the number."
            }
        }
    }

    private let configuration: ParleyConfiguration
    private let store: Store
    /// Brings what is still to be stored into the database; false where that is not possible now.
    private let settle: @Sendable () async -> Bool
    private let now: @Sendable () -> Date

    package init(
        _ configuration: ParleyConfiguration, store: Store, settle: @escaping @Sendable () async -> Bool,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.store = store
        self.settle = settle
        self.now = now
    }

    /// Reads a number as people write it; one that its country does not give out must be whole, with `+`.
    package static func number(_ text: String, country: String) throws(Obstacle) -> PersonNumber {
        do {
            let number = try PhoneNumber(text, country: country)
            // Without a country's code it is this number only where numbers are read as that country's.
            let isOwn = (try? PhoneNumber(number.national, country: country))?.e164 == number.e164
            return PersonNumber(e164: number.e164, national: isOwn ? number.national : nil)
        } catch {
            let digits = text.filter { $0.isASCII && $0.isNumber }
            guard text.hasPrefix("+"), (7...15).contains(digits.count), text.count <= 30 else {
                throw .badNumber(error.rawValue)
            }
            return PersonNumber(e164: "+" + digits)
        }
    }

    /// - Parameter audit: written before anything is handed out.
    package func export(_ number: PersonNumber, audit: AuditDraft) async throws -> PersonBundle {
        guard await settle() else { throw Obstacle.recordsWait }
        return try await store.export(
            person: number, audit: audit, recordings: configuration.recordings.directory, at: now())
    }

    /// - Parameter audit: written in the same transaction; the number is not in it.
    package func erase(_ number: PersonNumber, audit: AuditDraft) async throws -> Erasure {
        guard await settle() else { throw Obstacle.recordsWait }
        let erasure = try await store.erase(
            person: number, audit: audit, recordings: configuration.recordings.directory, at: now())
        ImportFolder(directory: configuration.campaigns.imports).forget()
        // Also what is written of these calls between the look and the erasure is gone by then: the store takes it no more.
        let spoke = erasure.rows["turns"] != nil || erasure.rows["voicemails"] != nil
        return Erasure(
            receipt: erasure.receipt, rows: erasure.rows, recordings: erasure.files,
            phrases: spoke ? try clearPhrases() : 0, kept: erasure.kept, mentions: erasure.mentions)
    }

    /// A service that runs meanwhile takes a phrase whose file is gone as one that it never had.
    private func clearPhrases() throws -> Int {
        let folder = URL(fileURLWithPath: configuration.speech.phraseStore)
        guard let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { return 0 }
        let phrases = files.filter { ["phrase", "part"].contains($0.pathExtension) }
        for file in phrases where FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.removeItem(at: file)
        }
        return phrases.count
    }
}
