import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("The best time for another try")
struct BestTimeTests {
    private let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    private var campaign: CampaignDefinition {
        var campaign = Tables.campaign
        campaign.retries.spread = 0
        campaign.retries.bestTimeWithin = .seconds(48 * 3600)
        return campaign
    }

    private func hours(_ campaign: CampaignDefinition) throws -> CallingHours {
        let place = CalleePlace(
            e164: "+12127365000", country: "US", state: "", timeZone: nil, zones: try Tables.zones())
        return CallingHours(campaign, at: place, under: try Tables.rules())
    }

    /// Where a contact of each seed is tried again.
    private func moments(
        from earliest: Date, tried: [Date], answers: HourlyAnswers = HourlyAnswers(),
        length: Duration = .seconds(172_800)
    ) throws -> [Date] {
        let best = BestTime(hours: try hours(campaign), zone: zone, tried: tried, answers: answers)
        return (0..<400).map { best.moment(from: earliest, within: length, seed: UInt64($0)) }
    }

    private func hour(_ moment: Date) -> Int { BestTime.hour(of: moment, in: zone) }

    @Test("is at another part of the day than all tries before, within the time and the hours, always the same")
    func otherPart() throws {
        // A Tuesday, ten in the morning; looked for from two in the afternoon on.
        let tried = try Tables.date("2026-12-01T15:00:00Z")
        let earliest = try Tables.date("2026-12-01T19:00:00Z")
        let moments = try moments(from: earliest, tried: [tried])
        let open = try hours(campaign)
        #expect(moments.allSatisfy { $0 >= earliest && $0 < earliest + 172_800 })
        #expect(moments.allSatisfy { open.objection(at: $0) == nil })
        #expect(moments.allSatisfy { hour($0) >= 12 })
        let again = try self.moments(from: earliest, tried: [tried])
        #expect(moments == again)
        #expect(Set(moments).count > 390)
        let evening = try Tables.date("2026-12-01T23:00:00Z")
        let afternoon = try Tables.date("2026-12-01T18:00:00Z")
        let mornings = try self.moments(from: earliest, tried: [evening, afternoon])
        #expect(mornings.allSatisfy { hour($0) < 12 })
    }

    @Test("is rather on a weekday that was not tried")
    func otherWeekday() throws {
        // All three parts of a Tuesday were tried: every part is as good, and Tuesday the worst day.
        let tried = try ["2026-11-24T15:00:00Z", "2026-11-24T18:00:00Z", "2026-11-24T23:00:00Z"].map(Tables.date)
        let moments = try moments(from: try Tables.date("2026-12-01T14:00:00Z"), tried: tried)
        let tuesdays = moments.count(where: { LocalMoment($0, in: zone).weekday == 1 })
        // One in nine where both days are open for as long: Tuesday weighs an eighth.
        #expect((1..<100).contains(tuesdays))
    }

    @Test("is rather in the hours in which people answered, and a few answers prove nothing")
    func bestHours() throws {
        let earliest = try Tables.date("2026-12-01T14:00:00Z")
        func inHour(_ wanted: Int, _ answers: HourlyAnswers) throws -> Int {
            try moments(from: earliest, tried: [], answers: answers).count(where: { hour($0) == wanted })
        }
        var answers = HourlyAnswers()
        let even = try inHour(18, answers)
        answers.note(.reached, hour: 18)
        let few = try inHour(18, answers)
        for hour in 9..<20 {
            for index in 0..<200 { answers.note(index < (hour == 18 ? 80 : 20) ? .reached : .noAnswer, hour: hour) }
        }
        let many = try inHour(18, answers)
        #expect(few < even + 30)
        #expect(many > 3 * even)
        #expect(many < 380)
    }

    @Test("the share of an hour begins with that of all, and failures say nothing")
    func shares() {
        var answers = HourlyAnswers()
        #expect(answers.share(ofHour: 3) == 0.25)
        for _ in 0..<100 { answers.note(.failed, hour: 3) }
        #expect(answers.share(ofHour: 3) == 0.25)
        for _ in 0..<1000 { answers.note(.noAnswer, hour: 3) }
        #expect(answers.share(ofHour: 3) > 0)
        #expect(answers.share(ofHour: 3) < answers.share(ofHour: 4))
        #expect(answers.share(ofHour: 4) < 0.01)
    }

    @Test("where nobody may be called within the time the gate finds the hour")
    func closed() throws {
        // Saturday, nine in the evening; Sunday is closed.
        let earliest = try Tables.date("2026-12-06T02:00:00Z")
        let moments = try moments(from: earliest, tried: [], length: .seconds(24 * 3600))
        #expect(moments.allSatisfy { $0 == earliest })
    }

    @Test("holds after no answer and machines, in campaigns that ask for it; whoever was busy is there now")
    func planned() throws {
        let now = try Tables.date("2026-12-01T15:00:00Z")
        let best = BestTime(hours: try hours(campaign), zone: zone, tried: [now], answers: HourlyAnswers())
        func wait(_ outcome: AttemptOutcome, _ campaign: CampaignDefinition) -> Double? {
            let plan = RetryPlanner.plan(after: outcome, attempts: 1, bestTime: best, at: now, seed: 7, campaign)
            if case .again(let at) = plan { return at.timeIntervalSince(now) }
            return nil
        }
        var without = campaign
        without.retries.bestTimeWithin = nil
        #expect(wait(.busy, campaign) == 1200)
        #expect(wait(.noAnswer, without) == 14_400)
        for outcome in [AttemptOutcome.noAnswer, .machine, .screened, .menu] {
            let later = try #require(wait(outcome, campaign))
            #expect(hour(now + later) >= 12, "\(outcome)")
            #expect(later >= (outcome == .noAnswer ? 14_400 : 86_400))
        }
    }

    @Test("a rehearsal tries nobody twice at the same part of the day while another is open")
    func rehearsed() throws {
        var campaign = campaign
        campaign.callsPerCallerID = 10_000
        campaign.pacing.concurrency = 50
        campaign.pacing.callsPerSecond = 20
        campaign.pacing.ramp = .zero
        campaign.frequency.attempts = 2
        let contacts = try Tables.contacts(150)
        var model = CalleeModel()
        (model.talks, model.hangsUpEarly, model.optsOut, model.machine, model.busy, model.fails) = (0, 0, 0, 0, 0, 0)
        var rehearsal = Rehearsal(
            campaign, contacts: contacts, rules: try Tables.rules(),
            disclosure: Disclosure(greeting: Tables.greeting, seller: campaign.seller), registryVersion: nil,
            model: model, begins: try Tables.date("2026-12-01T14:00:00Z"))
        let report = rehearsal.run()
        #expect(report.attempts == 300)
        #expect(report.hours.filter { hour($0.begins) < 12 }.map(\.attempts).reduce(0, +) == 150)
        #expect(report.hours.count > 6)
    }
}
