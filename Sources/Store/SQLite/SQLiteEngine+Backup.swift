import Foundation
import GRDB

extension SQLiteEngine {
    func backUp(to file: String) throws {
        let operation = "back up the database"
        guard !FileManager.default.fileExists(atPath: file) else {
            throw StoreError(.exists, operation: operation, subject: file, detail: "there is a file of this name")
        }
        let part = file + ".part"
        do {
            try? FileManager.default.removeItem(atPath: part)
            // It holds what people said on the telephone.
            try PrivateFile.make(part)
            let copy = try DatabaseQueue(path: part)
            try pool.backup(to: copy)
            // One file, that needs no others beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            try FileManager.default.moveItem(atPath: part, toPath: file)
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw error
        }
    }
}
