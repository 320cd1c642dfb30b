import Foundation

/// Lets several processes begin at the same moment.
enum Starter {
    /// Returns once `count` processes have called this with the same directory and numbers of their own.
    static func wait(for count: Int, in directory: String, as number: Int) throws {
        try Data().write(to: URL(fileURLWithPath: "\(directory)/here-\(number)"))
        // Looks without a pause: whoever sleeps here begins later than the others.
        let files = (0..<count).map { "\(directory)/here-\($0)" }
        while !files.allSatisfy(FileManager.default.fileExists(atPath:)) { sched_yield() }
    }
}
