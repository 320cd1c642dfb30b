import Foundation

extension Date {
    /// Wall time as the tables hold it: whole milliseconds since 1970.
    var storedMilliseconds: Int { Int((timeIntervalSince1970 * 1000).rounded()) }

    init(storedMilliseconds: Int) {
        self.init(timeIntervalSince1970: Double(storedMilliseconds) / 1000)
    }
}
