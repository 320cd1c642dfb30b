import Foundation
import Networking
import Testing

@testable import Service

@Suite("A file of bad numbers and nothing else")
struct BadNumbersTests {
    private static let rows = 100_000
    private static let bad = ["12", "nobody", "+999 12345678", "911-736-5000", "12345678901234567890", "123-456-7890"]

    /// How many rows are told as left out so far.
    private static func told(at path: String) -> Int {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return 0 }
        return max(0, data.count(where: { $0 == UInt8(ascii: "\n") }) - 1)
    }

    @Test("is read in pieces: each row is told with its line before much more of the file is read")
    func many() async throws {
        try await OfficeUnderTest.run { test in
            let example = OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path
            _ = try await test.office.create(file: example)
            // A pipe holds 64 KB: what was written and not told yet is in it, or in the memory of the import.
            let pipe = test.directory.appending(path: "people.csv").path
            let rejected = test.directory.appending(path: "rejected.csv").path
            try #require(unsafe mkfifo(pipe, 0o600) == 0)
            let behind = Lock(0)
            Thread.detachNewThread {
                guard let file = FileHandle(forWritingAtPath: pipe) else { return }
                var text = "phone,name\n"
                for row in 1...Self.rows {
                    text += "\(Self.bad[row % Self.bad.count]),Person \(row)\n"
                    guard row.isMultiple(of: 1000) else { continue }
                    do { try file.write(contentsOf: Data(text.utf8)) } catch { break }
                    text = ""
                    guard row.isMultiple(of: 20_000) else { continue }
                    let lag = row - Self.told(at: rejected)
                    behind.withLock { $0 = max($0, lag) }
                }
                try? file.close()
            }
            let report = try await ContactImport(office: test.office, path: pipe, rejectedPath: rejected)
                .run(campaign: "reminder")
            #expect(report.rows == Self.rows)
            #expect(report.rejected == Self.rows)
            #expect(report.added == 0)
            #expect(report.duplicates == 0)
            // Three times 64 KB (the pipe, a piece of the file, what is to be told) are less than 12,000 such rows.
            let most = behind.withLock(\.self)
            #expect(most < 12_000)
            #expect(Self.told(at: rejected) == Self.rows)
            let text = try String(contentsOfFile: rejected, encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines[1].hasPrefix("2,"))
            #expect(lines[Self.rows].hasPrefix("\(Self.rows + 1),"))
            #expect(try await test.office.status("reminder").contacts == 0)
        }
    }
}
