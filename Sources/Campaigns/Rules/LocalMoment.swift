import Foundation

/// A moment as the clocks of a place show it.
struct LocalMoment: Equatable {
    /// Days since the first of January 1970 there.
    var day: Int
    /// 0...1439
    var minute: Int

    init(day: Int, minute: Int) {
        self.day = day
        self.minute = minute
    }

    init(_ date: Date, in zone: TimeZone) {
        let local = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        minute = (local - day * 86_400) / 60
    }

    /// 0 is Monday.
    var weekday: Int { ((day + 3) % 7 + 7) % 7 }

    /// When it is there; for a time that the change to summer time leaves out, as much later. Of a time that comes twice
    /// one of the two.
    func date(in zone: TimeZone) -> Date {
        let local = Double(day) * 86_400 + Double(minute) * 60
        func moment(offsetAt other: Date) -> Date {
            Date(timeIntervalSince1970: local - Double(zone.secondsFromGMT(for: other)))
        }
        let first = moment(offsetAt: Date(timeIntervalSince1970: local))
        let second = moment(offsetAt: first)
        if LocalMoment(second, in: zone) == self { return second }
        return LocalMoment(first, in: zone) == self ? first : max(first, second)
    }
}
