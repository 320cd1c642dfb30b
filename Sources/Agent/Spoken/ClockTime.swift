/// A time of day to the minute.
package struct ClockTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 0..<1440.
    package let minuteOfDay: Int

    package var hour: Int { minuteOfDay / 60 }
    package var minute: Int { minuteOfDay % 60 }

    /// Nil unless `hour` is 0...23 and `minute` 0...59.
    package init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        minuteOfDay = hour * 60 + minute
    }

    /// Reads `09:30`.
    package init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1])
        else { return nil }
        self.init(hour: hour, minute: minute)
    }

    package static func < (a: Self, b: Self) -> Bool { a.minuteOfDay < b.minuteOfDay }

    /// `09:30`.
    package var description: String {
        "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
