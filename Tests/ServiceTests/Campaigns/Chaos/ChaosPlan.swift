import Campaigns
import Emulators
import Foundation

/// What a run of the chaos test does: how much of it, and by whom.
struct ChaosPlan: Sendable {
    /// Of all campaigns.
    var contacts: Int
    /// Processes that are killed, at least.
    var kills: Int
    var nodes: Int
    /// Times that the database server is stopped at once.
    var restarts: Int
    /// How long a process lives, in seconds. With several nodes the longest outlive the two seconds after which the next node
    /// asks for the dialler's lock, so that each kill finds somebody who dials; with one, its start is most of the shortest.
    var lives: ClosedRange<Double>
    /// How long the server stays away once, in the middle, in seconds; 0 is as short as at the other times.
    var outage = 0.0
    var seed: UInt64 = 20_261_127

    /// Campaigns and the people of each, by the part of all.
    enum Group: String, CaseIterable {
        /// Each is called once; some answer, some are on the list of those who must not be called.
        case once
        /// Nobody of them is ever reached, and each is called twice.
        case again
        /// The hours end while they are called.
        case window
    }

    /// `PARLEY_CHAOS=400,12` asks for so many contacts and kills in place of the plan's own, on both engines; `2000,60,60` also
    /// for a minute without the server.
    static func asked(or plan: ChaosPlan) -> ChaosPlan {
        let words = ProcessInfo.processInfo.environment["PARLEY_CHAOS"]?.split(separator: ",").compactMap { Int($0) }
        guard let words, (2...3).contains(words.count) else { return plan }
        var plan = plan
        (plan.contacts, plan.kills) = (words[0], words[1])
        if words.count > 2 { plan.outage = Double(words[2]) }
        return plan
    }

    func count(of group: Group) -> Int {
        switch group {
        case .once: contacts - count(of: .again) - count(of: .window)
        case .again: contacts / 4
        case .window: contacts / 8
        }
    }

    /// Calls a second, so that there is somebody to call until the last process is killed, and soon nobody any more after that.
    ///
    /// It is twice the calls in the time of the killing: nobody dials while a process starts, while another one notices that
    /// it is the one to dial now, and for two seconds after each time that the carrier says 429, which is about half of that time.
    /// So 2,000 contacts are called at some 40 calls a second, over all campaigns, while anybody dials.
    func rate(of group: Group) -> Double {
        let killing = Double(kills) / Double(nodes) * ((lives.lowerBound + lives.upperBound) / 2 + 0.5)
        // The hours end after 30 to 90 s, in the midst of it; every process that begins to dial has one call at once.
        let window = max(0.05, (Double(count(of: group)) - Double(kills) / Double(nodes) * 1.2) / 120)
        let calls = Double(count(of: group) * (group == .again ? 2 : 1))
        return group == .window ? window : max(0.5, calls / killing * 2)
    }

    /// Who must not be called from the beginning, and who is put on the list while they are called: the last ones, whose turn
    /// has not come by then.
    var forbidden: [String] { Array(numbers(of: .once).dropLast(contacts / 40).suffix(contacts / 40)) }
    var forbiddenLater: [String] { numbers(of: .once).suffix(contacts / 40) }

    /// A time zone in which no day ends within minutes.
    let zone: (area: String, name: String)
    /// When nobody of the window is called any more.
    let closing: Date
    let hours: WeekHours.Span

    init(contacts: Int, kills: Int, nodes: Int, restarts: Int, lives: ClosedRange<Double>, now: Date = Date()) {
        self.contacts = contacts
        self.kills = kills
        self.nodes = nodes
        self.restarts = restarts
        self.lives = lives
        func minute(_ name: String) -> Int {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(identifier: name) ?? .gmt
            let parts = calendar.dateComponents([.hour, .minute], from: now)
            return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        }
        let zones = [("212", "America/New_York"), ("213", "America/Los_Angeles")]
        let found = zones.first { minute($0.1) < 1430 } ?? zones[0]
        zone = (found.0, found.1)
        let begun = minute(zone.name)
        let second = now.timeIntervalSince1970.truncatingRemainder(dividingBy: 60)
        let minutes = second < 30 ? 1 : 2
        hours = WeekHours.Span(opens: max(begun - 60, 0), closes: begun + minutes)
        closing = now - second + Double(minutes) * 60
    }

    func numbers(of group: Group) -> [String] {
        let start =
            switch group {
            case .once: "+1212736"
            case .again: "+1212737"
            case .window: "+1\(zone.area)738"
            }
        return (0..<count(of: group)).map { start + String(10_000 + $0).dropFirst() }
    }

    static func group(of number: String) -> Group {
        switch number.dropFirst(5).prefix(3) {
        case "736": .once
        case "737": .again
        default: .window
        }
    }

    // MARK: The carrier

    /// Whoever is called behaves by the number, and the network by the number of the request.
    func configure(_ carrier: inout SandboxCarrierConfiguration) {
        carrier.ringing = .milliseconds(60)
        carrier.patience = .milliseconds(150)
        carrier.detectsMachines = false
        carrier.callee = { number, call in
            switch (Self.group(of: number), Int(number.suffix(2)) ?? 0) {
            case (.once, 0..<3): .presses("9", after: .milliseconds(250))
            case (.once, 3..<7): .hangsUp(after: .milliseconds(150))
            case (.once, 7..<12), (.again, 0..<20): .noAnswer
            case (.once, 12..<15), (.again, 20..<40): .fails(sipCode: call == 0 ? 500 : 480)
            case (.once, 15..<17): .fails(sipCode: 404)
            default: .busy
            }
        }
        carrier.fault = { request in
            if request % 23 == 3 { return .answerLost }
            if request % 37 == 5 { return .refuse(503) }
            return request % 97 == 50 ? .refuse(429) : .none
        }
        carrier.callbacks = { request in
            switch request % 7 {
            case 2: .none
            case 3: .twice
            case 4: .reversed
            default: .normal
            }
        }
    }
}
