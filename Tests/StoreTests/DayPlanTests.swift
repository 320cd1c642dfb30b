import Testing

@testable import Store

@Suite("One day of the calendar")
struct DayPlanTests {
    /// Tuesday, 9 to 12 in half hours, 10:00 taken, at 9:15 the same day.
    func plan(
        holiday: String? = nil, hours: [(String, String, String, Int)] = [("Lee", "09:00", "12:00", 30)],
        taken: [(String, String, Int)] = [("Lee", "10:00", 30)], now: String = "2026-11-24 09:15"
    ) throws -> DayPlan {
        let day = try #require(CalendarDay("2026-11-24"))
        let clock = now.split(separator: " ").map(String.init)
        return DayPlan(
            day: day, holiday: holiday,
            shifts: try hours.map {
                DayPlan.Shift(
                    doctor: $0.0,
                    hours: CalendarSetup.Hours(
                        weekday: .tuesday, opens: try #require(CalendarTime($0.1)),
                        closes: try #require(CalendarTime($0.2)),
                        slotMinutes: $0.3))
            },
            taken: try taken.map {
                AppointmentSlot(doctor: $0.0, day: day, time: try #require(CalendarTime($0.1)), minutes: $0.2)
            },
            now: CalendarMoment(day: try #require(CalendarDay(clock[0])), time: try #require(CalendarTime(clock[1]))))
    }

    @Test("free is what is neither taken nor past, and the last slot ends at closing time")
    func free() throws {
        #expect(try plan().free.map(\.time.description) == ["09:30", "10:30", "11:00", "11:30"])
    }

    @Test(
        "a wish is granted or refused with its reason",
        arguments: [
            ("09:30", nil), ("11:30", nil), ("10:00", CalendarRefusal.Code.taken), ("09:00", .past),
            ("12:00", .outsideHours), ("10:45", .outsideHours), ("23:00", .outsideHours),
        ])
    func wishes(time: String, code: CalendarRefusal.Code?) throws {
        switch try plan().slot(at: try #require(CalendarTime(time)), doctor: nil) {
        case .success(let slot):
            #expect(code == nil)
            #expect(slot.time.description == time)
        case .failure(let obstacle):
            #expect(obstacle.refusal.code == code)
            #expect(obstacle.refusal.reason.hasSuffix("."))
        }
    }

    @Test("the minute that is now is past already")
    func exactly() throws {
        let plan = try plan(now: "2026-11-24 09:30")
        #expect(plan.free.first?.time.description == "10:30")
    }

    @Test("a holiday and a day without hours are closed, each with its reason")
    func closed() throws {
        let holiday = try plan(holiday: "Founders' Day")
        #expect(holiday.closure?.reason.contains("Founders' Day") == true)
        #expect(holiday.free.isEmpty)
        let off = try plan(hours: [])
        #expect(off.closure?.reason.contains("Tuesdays") == true)
    }

    @Test("a lunch break has no slots")
    func lunch() throws {
        let plan = try plan(hours: [("Lee", "11:00", "12:00", 30), ("Lee", "13:00", "14:00", 30)], taken: [])
        #expect(plan.free.map(\.time.description) == ["11:00", "11:30", "13:00", "13:30"])
    }

    @Test("an appointment of an older, longer length blocks every slot it reaches into")
    func overlap() throws {
        let plan = try plan(hours: [("Lee", "10:00", "12:00", 20)], taken: [("Lee", "10:10", 45)])
        #expect(plan.free.map(\.time.description) == ["11:00", "11:20", "11:40"])
    }

    @Test("with two doctors a time is free as long as one is")
    func doctors() throws {
        let hours = [("Lee", "10:00", "11:00", 30), ("Ray", "10:00", "11:00", 30)]
        let plan = try plan(hours: hours)
        let ten = try #require(CalendarTime("10:00"))
        #expect(try plan.slot(at: ten, doctor: nil).get().doctor == "Ray")
        #expect(throws: DayPlan.Obstacle.self) { try plan.slot(at: ten, doctor: "Lee").get() }
    }
}
