import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The calendar of the clinic", .onBothEngines)
struct AppointmentCalendarTests {
    let directory: TemporaryDirectory
    let calendar: AppointmentCalendar
    /// 2026-11-20 12:00 in the clinic's zone, a Friday.
    static let friday = Date(timeIntervalSince1970: 1_795_176_000)
    let tuesday: CalendarDay
    let ten: CalendarTime

    init() throws {
        directory = try TemporaryDirectory()
        calendar = AppointmentCalendar(store: try directory.store(), zone: .gmt, now: { Self.friday })
        tuesday = try #require(CalendarDay("2026-11-24"))
        ten = try #require(CalendarTime("10:00"))
    }

    static func setup(doctors: [String] = ["Lee"]) throws -> CalendarSetup {
        let opens = try #require(CalendarTime("09:00"))
        let closes = try #require(CalendarTime("12:00"))
        var setup = CalendarSetup(
            doctors: doctors.flatMap {
                CalendarSetup.weekdays(doctor: $0, opens: opens, closes: closes, slotMinutes: 30).doctors
            })
        setup.holidays = [.init(day: try #require(CalendarDay("2026-11-26")), reason: "Thanksgiving")]
        return setup
    }

    func book(
        as name: String = "Anna Smith", _ day: CalendarDay, _ time: CalendarTime, key: String
    ) async throws -> CalendarAnswer<Appointment> {
        try await calendar.book(name: name, phone: "+1555", day: day, time: time, idempotencyKey: key)
    }

    @Test("a booked time is no longer free, and the appointment is found under the name, however it is spelt")
    func books() async throws {
        try await calendar.setUp(try Self.setup())
        let booked = try #require(try await book(as: "Zoë  Smith", tuesday, ten, key: "k1").value)
        #expect(booked.slot == AppointmentSlot(doctor: "Lee", day: tuesday, time: ten, minutes: 30))
        let free = try #require(try await calendar.freeSlots(on: tuesday).value)
        #expect(free.map(\.time.description) == ["09:00", "09:30", "10:30", "11:00", "11:30"])
        #expect(try await calendar.find(name: " zoe smith") == [booked])
        #expect(try await calendar.find(name: "smith").isEmpty)
        #expect(try await calendar.appointments(on: tuesday) == [booked])
    }

    @Test("setting the calendar up again keeps the appointments")
    func setUpAgain() async throws {
        try await calendar.setUp(try Self.setup())
        _ = try await book(tuesday, ten, key: "k1")
        try await calendar.setUp(try Self.setup(doctors: ["Lee", "Ray"]))
        let free = try #require(try await calendar.freeSlots(on: tuesday).value)
        #expect(free.filter { $0.time == ten }.map(\.doctor) == ["Ray"])
    }

    @Test("the same key books once and answers the same, even when asked for something else")
    func idempotent() async throws {
        try await calendar.setUp(try Self.setup())
        let first = try await book(tuesday, ten, key: "k1")
        let again = try await book(tuesday, ten, key: "k1")
        let other = try await book(as: "Bob", tuesday, try #require(CalendarTime("11:00")), key: "k1")
        #expect(first.value != nil)
        #expect(again == first)
        #expect(other == first)
        #expect(try await calendar.appointments(on: tuesday).count == 1)
    }

    @Test("a refused act may be tried again with its key")
    func refusedKey() async throws {
        try await calendar.setUp(try Self.setup())
        let first = try #require(try await book(tuesday, ten, key: "k1").value)
        #expect(try await book(as: "Bob", tuesday, ten, key: "k2").refusal?.code == .taken)
        _ = try await calendar.cancel(appointment: first.id, idempotencyKey: "k3")
        #expect(try await book(as: "Bob", tuesday, ten, key: "k2").value?.name == "Bob")
    }

    @Test("a taken time is refused with the nearest free ones")
    func conflict() async throws {
        try await calendar.setUp(try Self.setup())
        _ = try await book(tuesday, ten, key: "k1")
        let refusal = try #require(try await book(as: "Bob", tuesday, ten, key: "k2").refusal)
        #expect(refusal.code == .taken)
        #expect(refusal.alternatives.map(\.time.description) == ["09:30", "10:30", "09:00"])
        #expect(refusal.alternatives.allSatisfy { $0.day == tuesday })
    }

    @Test(
        "what cannot be is refused with a reason and with times that can",
        arguments: [
            ("2026-11-22", "10:00", CalendarRefusal.Code.closed, "2026-11-23 09:00"),
            ("2026-11-26", "10:00", .closed, "2026-11-27 09:00"),
            ("2026-11-20", "10:00", .past, "2026-11-23 09:00"),
            ("2025-11-20", "10:00", .past, "2026-11-23 09:00"),
            ("2026-11-24", "13:00", .outsideHours, "2026-11-24 11:30"),
            ("2026-11-24", "10:10", .outsideHours, "2026-11-24 10:00"),
        ])
    func refusals(day: String, time: String, code: CalendarRefusal.Code, nearest: String) async throws {
        try await calendar.setUp(try Self.setup())
        let answer = try await book(
            try #require(CalendarDay(day)), try #require(CalendarTime(time)), key: "k")
        let refusal = try #require(answer.refusal)
        #expect(refusal.code == code)
        let first = try #require(refusal.alternatives.first)
        #expect("\(first.day) \(first.time)" == nearest)
    }

    @Test("free times of closed and past days are refused with the reason")
    func closedDays() async throws {
        try await calendar.setUp(try Self.setup())
        let sunday = try await calendar.freeSlots(on: try #require(CalendarDay("2026-11-22")))
        #expect(sunday.refusal?.reason.contains("Sundays") == true)
        let holiday = try await calendar.freeSlots(on: try #require(CalendarDay("2026-11-26")))
        #expect(holiday.refusal?.reason.contains("Thanksgiving") == true)
        let past = try await calendar.freeSlots(on: try #require(CalendarDay("2026-11-19")))
        #expect(past.refusal?.code == .past)
    }

    @Test("an appointment moves, its old time becomes free, and the same key moves it once")
    func moves() async throws {
        try await calendar.setUp(try Self.setup())
        let booked = try #require(try await book(tuesday, ten, key: "k1").value)
        let eleven = try #require(CalendarTime("11:00"))
        let moved = try await calendar.move(appointment: booked.id, day: tuesday, time: eleven, idempotencyKey: "m1")
        #expect(moved.value?.slot.time == eleven)
        #expect(try await calendar.find(name: "anna smith") == [try #require(moved.value)])
        #expect(try await book(as: "Bob", tuesday, ten, key: "k2").value != nil)
        let back = try await calendar.move(appointment: booked.id, day: tuesday, time: ten, idempotencyKey: "m2")
        #expect(back.refusal?.code == .taken)
        let again = try await calendar.move(appointment: booked.id, day: tuesday, time: ten, idempotencyKey: "m1")
        #expect(again == moved)
    }

    @Test("a move that overlaps only its own old time is granted")
    func movesOntoItself() async throws {
        try await calendar.setUp(try Self.setup())
        let booked = try #require(try await book(tuesday, ten, key: "k1").value)
        let same = try await calendar.move(appointment: booked.id, day: tuesday, time: ten, idempotencyKey: "m1")
        #expect(same.value == booked)
    }

    @Test("a move keeps the doctor where possible and takes another where not")
    func movesDoctor() async throws {
        try await calendar.setUp(try Self.setup(doctors: ["Lee", "Ray"]))
        let lee = try #require(try await book(tuesday, ten, key: "k1").value)
        let ray = try #require(try await book(as: "Bob", tuesday, ten, key: "k2").value)
        #expect([lee.slot.doctor, ray.slot.doctor] == ["Lee", "Ray"])
        let eleven = try #require(CalendarTime("11:00"))
        let first = try await calendar.move(appointment: ray.id, day: tuesday, time: eleven, idempotencyKey: "m1")
        #expect(first.value?.slot.doctor == "Ray")
        _ = try await book(as: "Cid", tuesday, eleven, key: "k3")
        _ = try await calendar.cancel(appointment: ray.id, idempotencyKey: "c1")
        _ = try await calendar.cancel(appointment: try #require(first.value).id, idempotencyKey: "c2")
        let second = try await calendar.move(appointment: lee.id, day: tuesday, time: eleven, idempotencyKey: "m2")
        #expect(second.value?.slot.doctor == "Ray")
    }

    @Test("a cancelled appointment is gone: its time is free, it cannot be found, moved or cancelled again")
    func cancels() async throws {
        try await calendar.setUp(try Self.setup())
        let booked = try #require(try await book(tuesday, ten, key: "k1").value)
        let cancelled = try await calendar.cancel(appointment: booked.id, idempotencyKey: "c1")
        #expect(cancelled.value?.status == .cancelled)
        #expect(try await calendar.cancel(appointment: booked.id, idempotencyKey: "c1") == cancelled)
        #expect(
            try await calendar.cancel(appointment: booked.id, idempotencyKey: "c2").refusal?.code == .unknownAppointment
        )
        #expect(
            try await calendar.move(appointment: booked.id, day: tuesday, time: ten, idempotencyKey: "m").refusal?.code
                == .unknownAppointment)
        #expect(try await calendar.find(name: "Anna Smith").isEmpty)
        #expect(try await book(as: "Bob", tuesday, ten, key: "k2").value != nil)
        #expect(try await calendar.appointment(id: booked.id)?.status == .cancelled)
        #expect(try await calendar.appointment(id: 999) == nil)
    }

    @Test("appointments that have gone by are not found")
    func findsFuture() async throws {
        try await calendar.setUp(try Self.setup())
        _ = try await book(tuesday, ten, key: "k1")
        let later = AppointmentCalendar(
            store: calendar.store, zone: .gmt, now: { Self.friday.addingTimeInterval(30 * 86_400) })
        #expect(try await later.find(name: "Anna Smith").isEmpty)
    }

    @Test("messages are taken once per key and listed newest first")
    func messages() async throws {
        for key in ["1", "2", "2"] {
            _ = try await calendar.takeMessage(name: "Anna", phone: "+1", text: "call me \(key)", idempotencyKey: key)
        }
        let messages = try await calendar.messages()
        #expect(messages.map(\.text) == ["call me 2", "call me 1"])
        #expect(messages.first?.takenAt == Self.friday)
        #expect(
            try await calendar.takeMessage(name: "", phone: "", text: " ", idempotencyKey: "3").refusal?.code
                == .incomplete)
    }

    @Test("a booking without a name is refused, one without a key is a fault of the one who asks")
    func incomplete() async throws {
        try await calendar.setUp(try Self.setup())
        #expect(try await book(as: "  ", tuesday, ten, key: "k").refusal?.code == .incomplete)
        let error = await #expect(throws: StoreError.self) { try await book(tuesday, ten, key: "") }
        #expect(error?.code == .rejected)
    }

    @Test("a hundred wishes for one time over two connections: one gets it, the others are told what is free")
    func race() async throws {
        try await calendar.setUp(try Self.setup())
        let other = AppointmentCalendar(store: try directory.store(), zone: .gmt, now: { Self.friday })
        let answers = try await withThrowingTaskGroup { group in
            for index in 0..<100 {
                group.addTask { [calendar, tuesday, ten] in
                    try await (index.isMultiple(of: 2) ? calendar : other).book(
                        name: "Caller \(index)", phone: "", day: tuesday, time: ten, idempotencyKey: "k\(index)")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.value != nil } == 1)
        #expect(answers.compactMap(\.refusal).count { $0.code == .taken && $0.alternatives.count == 3 } == 99)
        #expect(try await calendar.appointments(on: tuesday).count == 1)
    }

    @Test("one key from two connections at once books once")
    func raceOfOneKey() async throws {
        try await calendar.setUp(try Self.setup())
        let other = AppointmentCalendar(store: try directory.store(), zone: .gmt, now: { Self.friday })
        let ids = try await withThrowingTaskGroup { group in
            for index in 0..<20 {
                group.addTask { [calendar, tuesday, ten] in
                    try await (index.isMultiple(of: 2) ? calendar : other).book(
                        name: "Anna", phone: "", day: tuesday, time: ten, idempotencyKey: "same"
                    ).value?.id
                }
            }
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(!ids.contains(nil))
    }

    @Test("the table itself refuses a second appointment for a slot")
    func index() async throws {
        try await calendar.setUp(try Self.setup())
        _ = try await book(tuesday, ten, key: "k1")
        let error = await #expect(throws: StoreError.self) {
            try await calendar.store.write("force", "") { db in
                try db.execute(
                    sql: """
                        INSERT INTO appointments (doctor_id, day, time, minutes, name, name_key, phone, status, created_at, changed_at)
                        SELECT doctor_id, day, time, minutes, 'x', 'x', '', 'booked', 0, 0 FROM appointments
                        """)
            }
        }
        #expect(error?.code == .rejected)
    }

    @Test("four processes that want one time at the same moment: one gets it", .tags(.ofFiles))
    func processes() async throws {
        try await calendar.setUp(try Self.setup())
        await withTaskGroup { group in
            for index in 0..<4 {
                group.addTask { [path = directory.path] in
                    await #expect(processExitsWith: .success) { [path = path as String, index = index as Int] in
                        try await Self.wish(in: path, as: "process \(index)")
                    }
                }
            }
        }
        let reports = try (0..<4).map {
            try String(contentsOfFile: directory.file("process \($0)"), encoding: .utf8)
        }
        #expect(reports.joined().count { $0 == "+" } == 1)
        #expect(reports.joined().count { $0 == "-" } == 99)
        #expect(try await calendar.appointments(on: tuesday).count == 1)
    }

    /// Wishes for one time twenty-five times, each time for another caller, and notes what came of it.
    static func wish(in directory: String, as name: String) async throws {
        let calendar = AppointmentCalendar(
            store: try Store(path: directory + "/parley.db"), zone: .gmt, now: { friday })
        let day = try #require(CalendarDay("2026-11-24"))
        let time = try #require(CalendarTime("10:00"))
        var report = ""
        for index in 0..<25 {
            let answer = try await calendar.book(
                name: name, phone: "", day: day, time: time, idempotencyKey: "\(name) \(index)")
            report += answer.value != nil ? "+" : answer.refusal?.code == .taken ? "-" : "?"
        }
        try report.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8)
    }
}
