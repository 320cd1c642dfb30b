import Foundation
import Testing

@testable import Store

@Suite("What is kept of a person", .onBothEngines)
struct PersonTests {
    let directory: TemporaryDirectory
    let store: Store
    private let moment = Date(timeIntervalSince1970: 1_790_000_000)
    private static let number = "+12125550142"
    private let person = PersonNumber(e164: PersonTests.number, national: "2125550142")
    private let audit = AuditDraft(actor: "terminal root", act: "person erase", at: Date(timeIntervalSince1970: 0))

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    /// A call with one of everything, in which `word` is said.
    private func hold(_ id: String, from number: String, word: String, second: Int) async throws {
        var call = CallRecord.sample(id, second: second)
        call.from = number
        let path = directory.file("\(id).wav")
        call.recordingPath = path
        try Data(word.utf8).write(to: URL(fileURLWithPath: path))
        try await store.apply([
            .call(call),
            .turn(TurnRecord(callID: id, number: 1, speaker: .caller, started: 0, text: "my name is \(word)")),
            .tool(
                ToolRecord(
                    callID: id, turn: 1, invocationID: "t", name: "n", arguments: #"{"name":"\#(word)"}"#, started: 0)),
            .journal(JournalRecord(callID: id, sequence: 0, position: 0, kind: "k", payload: Data(word.utf8))),
            .recording(RecordingRecord(callID: id, path: path, format: "wav", callerSamples: 1, agentSamples: 1)),
            .incident(IncidentRecord(callID: id, happenedAt: call.startedAt, kind: "k", detail: word)),
        ])
        try await store.note(
            ContactFact(contact: number, name: "name", value: word, source: "call \(id)", notedAt: moment))
        _ = try await store.file(
            ReviewDraft(
                idempotencyKey: "\(id)/1", callID: id, agent: "a", agentVersion: "v", contact: number, tool: "t",
                arguments: #"{"name":"\#(word)"}"#, reason: "r", expiresAt: moment))
        _ = try await store.beginAct(key: "\(id)/2/t", tool: "t")
        try await store.finishAct(key: "\(id)/2/t", result: #"{"name":"\#(word)"}"#)
        _ = try await store.promise(
            CallbackRecord(
                id: "cb-\(id)", callID: id, number: number, note: word, dueAt: moment, timeZone: "UTC",
                promisedAt: moment))
        try await store.add(
            PersonLegRecord(
                id: "leg-\(id)", callID: id, node: "n1", carrier: "twilio", carrierCallID: "CA-\(word)",
                number: "+493012345678", callerID: "+15550199", askedAt: moment))
        let calendar = AppointmentCalendar(store: store, zone: .gmt, now: { AppointmentCalendarTests.friday })
        try await calendar.setUp(try AppointmentCalendarTests.setup())
        let day = try #require(CalendarDay("2026-11-24"))
        let free = try #require(try await calendar.freeSlots(on: day).value?.first)
        // The number was not said: only the call tells whose it is.
        let booked = try await calendar.book(
            name: word, phone: "", day: free.day, time: free.time, idempotencyKey: "\(id)/3/book")
        #expect(booked.value != nil)
        _ = try await calendar.takeMessage(
            name: word, phone: number.replacing("+1", with: "(").replacing("212", with: "212) "), text: "for \(word)",
            idempotencyKey: "elsewhere-\(id)")
    }

    /// Every value of every table.
    private func everything() async throws -> String {
        try await store.read("read everything", "") { db in
            var text = ""
            for table in try String.fetchAll(db, sql: db.dialect.tables) {
                for row in try SQLRow.fetchAll(db, sql: "SELECT * FROM \"\(table)\"") {
                    for value in row.values {
                        switch value {
                        case .text(let words): text += "\(table): \(words)\n"
                        case .blob(let bytes): text += "\(table): \(String(decoding: bytes, as: UTF8.self))\n"
                        default: break
                        }
                    }
                }
            }
            return text
        }
    }

    @Test("an export has all of it, and nothing of anybody else; the audit log has no number")
    func export() async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        try await hold("c2", from: "+12125550199", word: "florence", second: 1)
        let bundle = try await store.export(person: person, audit: audit, recordings: directory.path, at: moment)
        for table in [
            "calls", "turns", "tools", "journal", "recordings", "incidents", "contact_facts", "reviews", "tool_acts",
            "callbacks", "appointments", "messages", "calendar_acts", "person_legs",
        ] { #expect(bundle.tables[table]?.isEmpty == false, "\(table)") }
        let text = String(decoding: try JSONEncoder().encode(bundle), as: UTF8.self)
        #expect(text.contains("zebedee") && !text.contains("florence"))
        #expect(bundle.recordings == [directory.file("c1.wav")])
        let rows = try await store.audit()
        #expect(rows.count == 1 && !"\(rows)".contains("5550142"))
        let nobody = PersonNumber(e164: "+12125550100")
        #expect(try await store.export(person: nobody, audit: audit, recordings: nil, at: moment).isEmpty)
    }

    @Test("an export has each entry of a journal once, and does not fail over a row that is damaged")
    func journals() async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        let entries = StoreWrite.journal(of: "c1", count: 40)
        try await store.apply(Array(entries[1..<30]))
        // As after a failure: in other portions.
        try await store.apply(Array(entries[20..<40]))
        func sequences() async throws -> [PersonBundle.Value] {
            let bundle = try await store.export(person: person, audit: audit, recordings: nil, at: moment)
            return bundle.tables["journal", default: []].map { $0["sequence"] ?? .null }
        }
        #expect(try await sequences() == (0..<40).map { PersonBundle.Value.integer(Int64($0)) })
        try await store.write("damage", "") { db in
            try db.execute(sql: "UPDATE journal SET payload = ? WHERE sequence = 1", arguments: [Data([1, 200, 9, 9])])
        }
        let left = [0, 1] + Array(20..<40)
        #expect(try await sequences() == left.map { PersonBundle.Value.integer(Int64($0)) })
    }

    @Test("after an erasure neither number nor words are anywhere; others' records are untouched")
    func erase() async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        try await hold("c2", from: "+12125550199", word: "florence", second: 1)
        #expect(try await everything().contains("zebedee"))
        let before = try await everything().split(separator: "\n").count { $0.contains("florence") }
        let erasure = try await store.erase(
            person: person, audit: audit, recordings: directory.path, at: moment)
        #expect(erasure.files == 1 && erasure.rows["calls"] == 1 && erasure.rows["turns"] == 1)
        #expect(erasure.rows["appointments"] == 1 && erasure.mentions.isEmpty && erasure.kept.isEmpty)
        let rest = try await everything()
        #expect(!rest.contains("zebedee") && !rest.contains("2125550142"), "\(rest)")
        #expect(rest.split(separator: "\n").count { $0.contains("florence") } == before)
        #expect(!FileManager.default.fileExists(atPath: directory.file("c1.wav")))
        #expect(FileManager.default.fileExists(atPath: directory.file("c2.wav")))
        // The time of the appointment is still taken.
        let booked = try await store.read("count", "") { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM appointments WHERE status = 'booked'")
        }
        #expect(booked == 2)
        let row = try #require(try await store.audit().first)
        #expect(row.subject == erasure.receipt && row.detail["turns"] == "1")
        // A second time there is nothing left.
        let again = try await store.erase(person: person, audit: audit, recordings: directory.path, at: moment)
        #expect(again.rows.isEmpty && again.files == 0)
    }

    @Test(
        "who a caller was put through to was told about them on another call, which goes with theirs; a line's own number is nobody's",
        arguments: [true, false])
    func transferred(isOver: Bool) async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        try await hold("p1", from: "+12125550177", word: "gwendolyn", second: 1)
        try await store.apply([
            .tool(
                ToolRecord(
                    callID: "c1", turn: 2, invocationID: "transfer-1", name: "transfer_warm",
                    arguments: isOver ? "{}" : #"{"person_call":"p1","said":["\"person_call\":"]}"#,
                    outcome: isOver ? #"{"outcome":"joined","person_call":"p1"}"# : nil,
                    succeeded: isOver ? true : nil, started: 0, finished: isOver ? 1 : nil))
        ])
        let line = PersonNumber(e164: CallRecord.sample("c1").to)
        #expect(try await store.export(person: line, audit: audit, recordings: nil, at: moment).tables["calls"] == nil)
        let erasure = try await store.erase(person: person, audit: audit, recordings: directory.path, at: moment)
        #expect(erasure.rows["calls"] == 2)
        let turns = try await store.read("count", "") { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM turns") }
        #expect(turns == 0)
    }

    @Test("the files of the database hold neither number nor words either", .tags(.ofFiles))
    func bytes() async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { name in
                let bytes = try Data(contentsOf: URL(fileURLWithPath: directory.file(name)))
                return bytes.range(of: Data("zebedee".utf8)) != nil || bytes.range(of: Data("2125550142".utf8)) != nil
            }
        }
        #expect(try !files().isEmpty)
        _ = try await store.erase(person: person, audit: audit, recordings: directory.path, at: moment)
        #expect(try files() == [])
    }

    @Test("what comes in later of an erased call is not stored, and what comes of others is")
    func late() async throws {
        try await hold("c1", from: Self.number, word: "zebedee", second: 0)
        _ = try await store.erase(person: person, audit: audit, recordings: directory.path, at: moment)
        try await store.apply(
            [
                .turn(TurnRecord(callID: "c1", number: 2, speaker: .caller, started: 0, text: "zebedee again")),
                .call(.sample("c3", second: 9)),
                .turn(TurnRecord(callID: "c3", number: 1, speaker: .caller, started: 0, text: "hello")),
            ], firstRevision: 1000)
        #expect(try await !everything().contains("zebedee"))
        #expect(try await store.calls().calls.map(\.id) == ["c3"])
    }

    @Test("what forbids to call stays and is told; a consent that allows it goes")
    func doNotCall() async throws {
        try await store.write("prepare", "") { db in
            try db.execute(
                sql: "INSERT INTO suppressions (list, number, reason, added_at) VALUES ('own', ?, 'asked', 1)",
                arguments: [Self.number])
            for (seller, revoked) in [("A", 5 as Int?), ("B", nil)] {
                try db.execute(
                    sql: """
                        INSERT INTO consents (number, seller, kind, source, given_at, revoked_at)
                        VALUES (?, ?, 'express', 'form', 1, ?)
                        """, arguments: [Self.number, seller, revoked])
            }
        }
        let erasure = try await store.erase(person: person, audit: audit, recordings: nil, at: moment)
        #expect(erasure.rows == ["consents": 1])
        #expect(erasure.kept.map(\.table).sorted() == ["consents", "suppressions"])
        #expect(erasure.kept.allSatisfy { $0.rows == 1 && !$0.reason.isEmpty })
    }

    @Test("nobody is erased who is on the line at a node that lives, and a number in others' calls is told")
    func live() async throws {
        try await store.beat(NodeRecord(id: "n1", name: "host", version: "v", startedAt: moment, capacity: 1))
        var call = CallRecord.sample("c1")
        (call.from, call.endedAt, call.node) = (Self.number, nil, "n1")
        try await store.apply([
            .call(call), .call(.sample("c2", second: 1)),
            .turn(
                TurnRecord(callID: "c2", number: 1, speaker: .caller, started: 0, text: "call my wife on 12125550142")),
        ])
        await #expect {
            try await store.erase(person: person, audit: audit, recordings: nil, at: moment)
        } throws: { ($0 as? StoreError)?.code == .locked }
        #expect(try await store.audit().isEmpty)
        call.endedAt = call.startedAt + 1
        try await store.apply([.call(call)], firstRevision: 100)
        let erasure = try await store.erase(person: person, audit: audit, recordings: nil, at: moment)
        #expect(erasure.mentions == ["c2"])
    }

    @Test("of every table it is known whether it holds something of people")
    func tables() async throws {
        let known = PersonRows.others.union(PersonRows.all.map(\.table))
        let tables = try await store.read("list", "") { try String.fetchAll($0, sql: $0.dialect.tables) }
        // Shadows of the indices of words.
        let own = tables.filter {
            !$0.hasPrefix("turn_words") && !$0.hasPrefix("passages_") && !$0.hasPrefix("sqlite_")
        }
        #expect(Set(own).subtracting(known) == [], "say in PersonRows what an erasure does with this table")
    }

    @Test("a call is a person's whichever way its other end writes the number, also as an address")
    func spellings() async throws {
        let ends = [
            ("plain", Self.number), ("bare", "12125550142"), ("address", "sip:\(Self.number)@carrier.test"),
            ("shouted", "SIP:12125550142@carrier.test:5060"), ("longer", "sip:\(Self.number)9@carrier.test"),
            ("other", "+12125550143"), ("withheld", ""),
        ]
        for (second, (id, number)) in ends.enumerated() {
            var call = CallRecord.sample(id, second: second)
            call.from = number
            try await store.apply([.call(call)])
            call.id += "-out"
            (call.direction, call.from, call.to) = (.outbound, "+15550002", number)
            try await store.apply([.call(call)])
            // Our own number is nobody's.
            call.id += "-in"
            call.direction = .inbound
            try await store.apply([.call(call)])
        }
        let person = person
        let found = try await store.read("look", "") { try PersonScope(person, in: $0).calls }
        let own = ["plain", "bare", "address", "shouted"]
        #expect(Set(found) == Set(own + own.map { $0 + "-out" }))
        #expect(found.count == 8)
    }

    @Test("no search for a person reads every call", .tags(.ofFiles))
    func plans() async throws {
        let sql = [
            PersonScope.callsOfPerson(.sqlite),
            "SELECT id FROM calls WHERE caller IN (?1, ?2) OR callee IN (?1, ?2) ORDER BY started_at DESC, id DESC LIMIT 5",
        ]
        for query in sql {
            let plan = try await store.read("look", "") { db in
                try SQLRow.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN " + query, arguments: [#"["+1"]"#, #"["sip:+1"]"#]
                ).map { $0["detail"] as String }
            }
            for index in ["calls_by_caller", "calls_by_callee"] {
                #expect(plan.contains { $0.contains("USING INDEX \(index)") }, "\(plan)")
            }
            #expect(!plan.contains { $0.hasPrefix("SCAN calls") }, "\(plan)")
        }
    }
}
