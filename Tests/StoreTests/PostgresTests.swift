import Foundation
import TestPostgres
import Testing

@testable import Store

@Suite("A database on a PostgreSQL server")
struct PostgresTests {
    let location: PostgresLocation

    init() throws { location = try TestServer.shared.get().location() }

    @Test(
        "statements get numbered parameters, and what stands in quotes stays",
        arguments: [
            ("SELECT 1", "SELECT 1"), ("a = ? AND b = ?", "a = $1 AND b = $2"), ("?", "$1"),
            ("a = ?1 OR b = ?2 OR c = ?1", "a = $1 OR b = $2 OR c = $1"), ("x IN (?, ?)", "x IN ($1, $2)"),
            ("'?' || ? || \"?\" || 'it''s ?'", "'?' || $1 || \"?\" || 'it''s ?'"), ("?12 é ?", "$12 é $1"),
        ])
    func numbers(sql: String, numbered: String) { #expect(PostgresStatementText.numbered(sql) == numbered) }

    @Test("values of every kind, null and empty ones too, come back as they were")
    func values() async throws {
        let store = try Store(postgres: location)
        let bytes = Data((0...255).map { UInt8($0) })
        let row = try await store.read("look", "") { db in
            try SQLRow.fetchOne(
                db, sql: "SELECT ?1 AS a, ?2 AS b, ?3 AS c, ?4 AS d, ?5 AS e, ?6 AS f, ?7 AS g, ?8 AS h, ?9 AS i",
                arguments: [
                    Int.min, 0.1, "日本 '\u{1F600}\"", bytes, Int?.none, String?.none, Data(), "", "a\u{0}b",
                ])
        }
        let found = try #require(row)
        #expect(found["a"] == Int.min && found["b"] == 0.1 && found["c"] == "日本 '\u{1F600}\"" && found["d"] == bytes)
        #expect(found["e"] as Int? == nil && found["f"] as String? == nil)
        #expect(found["g"] == Data() && found["h"] == "" && found["i"] == "a\u{FFFD}b")
    }

    @Test("a lost connection is made anew, and what was asked for is done")
    func reconnects() async throws {
        var own = location
        own.connection += " application_name=reconnecting"
        let store = try Store(postgres: own)
        try await store.apply([.call(.sample("a"))])
        for round in 0..<3 {
            try Self.command(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'reconnecting' AND pid <> pg_backend_pid()
                """, at: location)
            try await store.apply([.call(.sample("b\(round)", second: round + 1))])
        }
        #expect(try await store.calls().calls.map(\.id) == ["b2", "b1", "b0", "a"])
    }

    @Test("transactions that would not see each other are run again, so that no addition is lost")
    func serializes() async throws {
        let (left, right) = (try Store(postgres: location), try Store(postgres: location))
        try await left.write("make", "") { db in
            try db.execute(sql: "CREATE TABLE counter (number BIGINT NOT NULL)")
            try db.execute(sql: "INSERT INTO counter (number) VALUES (0)")
        }
        try await withThrowingTaskGroup { group in
            for index in 0..<60 {
                group.addTask {
                    try await (index.isMultiple(of: 2) ? left : right).write("add", "") { db in
                        let number = try Int.fetchOne(db, sql: "SELECT number FROM counter") ?? 0
                        try db.execute(sql: "UPDATE counter SET number = ?", arguments: [number + 1])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await left.read("look", "") { try Int.fetchOne($0, sql: "SELECT number FROM counter") } == 60)
    }

    @Test("more operations than connections wait for their turn")
    func bounded() async throws {
        var few = location
        few.connections = 2
        let store = try Store(postgres: few)
        let most = try await withThrowingTaskGroup { group in
            for _ in 0..<30 {
                group.addTask {
                    try await store.read("look", "") { db in
                        try Int.fetchOne(
                            db, sql: "SELECT count(*) FROM pg_stat_activity WHERE pg_sleep(0.005) IS NOT NULL LIMIT 1")
                            ?? 0
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(most.count == 30)
        let open = try await store.read("look", "") { db in
            try Int.fetchOne(
                db,
                sql: "SELECT count(DISTINCT pid) FROM pg_locks WHERE relation = CAST('calls' AS regclass)") ?? -1
        }
        #expect(open <= 2)
    }

    @Test("an operation that no connection gets free for fails after its time, and those behind it have theirs")
    func patience() async throws {
        var few = location
        few.connections = 1
        few.patience = .milliseconds(200)
        let store = try Store(postgres: few)
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await store.read("sleep", "") { _ = try SQLRow.fetchOne($0, sql: "SELECT pg_sleep(5) IS NULL") }
            }
            // Its turn has come when the server works on it.
            let watching = try PostgresConnection(location)
            let slept =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(5)%' AND wait_event = 'PgSleep'"
            while try Int.fetchOne(SQLSession(watching, .postgres), sql: slept) == 0 { await Task.yield() }
            for _ in 0..<3 {
                group.addTask {
                    let began = ContinuousClock.now
                    let error = await #expect(throws: StoreError.self) { try await store.calls() }
                    #expect(error?.code == .locked && error?.isTransient == true)
                    #expect(error?.detail.contains("store.connections") == true)
                    #expect(ContinuousClock.now - began < .seconds(4))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.calls().calls.isEmpty)
    }

    @Test("a statement that takes too long is ended, and so said")
    func timeout() async throws {
        var hasty = location
        hasty.statementTimeout = .milliseconds(50)
        let store = try Store(postgres: hasty)
        let error = await #expect(throws: StoreError.self) {
            try await store.read("sleep", "") { _ = try SQLRow.fetchOne($0, sql: "SELECT pg_sleep(60) IS NULL") }
        }
        #expect(error?.code == .locked)
        #expect(try await store.calls().calls.isEmpty)
    }

    @Test("a server that is not there is unreachable, and no message has the password")
    func unreachable() throws {
        let secret = "s3cret-word"
        for connection in [
            "postgres://parley:\(secret)@127.0.0.1:1/parley", "host=/nowhere user=u password=\(secret) dbname=d",
            "no connection \(secret) string =",
        ] {
            let error = #expect(throws: StoreError.self) {
                try Store(postgres: PostgresLocation(connection, password: secret, connectTimeout: .seconds(2)))
            }
            #expect(error?.code == .unreachable && error?.isTransient == true)
            #expect(error?.description.contains(secret) == false, "\(String(describing: error))")
        }
        #expect(
            PostgresLocation("postgres://u:\(secret)@h:5/d?sslmode=require&sslpassword=\(secret)").description
                == "postgres://u@h:5/d")
    }

    @Test("tables of another program, and steps of a newer version, are refused and not touched")
    func refuses() async throws {
        try Self.command("CREATE TABLE songs (title TEXT)", at: location)
        #expect(throws: StoreError.self) { try Store(postgres: location) }
        try Self.command("DROP TABLE songs", at: location)
        let missing = #expect(throws: StoreError.self) {
            try Store(postgres: location, options: StoreOptions(createsFile: false))
        }
        #expect(missing?.code == .missing)
        try Store(postgres: location).close()
        try Self.command("INSERT INTO parley_schema (step) VALUES ('99-future')", at: location)
        let newer = #expect(throws: StoreError.self) { try Store(postgres: location) }
        #expect(newer?.code == .newerVersion && newer?.detail.contains("99-future") == true)
    }

    @Test("nodes that begin together on an empty database all get it, once")
    func together() async throws {
        let location = location
        try await withThrowingTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    let store = try Store(postgres: location)
                    try await store.apply([.call(.sample("c\(number)"))])
                }
            }
            try await group.waitForAll()
        }
        let store = try Store(postgres: location)
        #expect(try await store.calls().calls.count == 4)
        try await store.verify()
    }

    @Test("an older schema gets the newer steps and keeps its data", arguments: 1..<Schema.steps.count)
    func migrates(steps: Int) async throws {
        var script = "CREATE TABLE parley_schema (step TEXT NOT NULL PRIMARY KEY, taken_at TIMESTAMPTZ DEFAULT now());"
        for step in Schema.steps.prefix(steps) {
            script += step.postgres + "\nINSERT INTO parley_schema (step) VALUES ('\(step.name)');"
        }
        script += """
            INSERT INTO calls (id, revision, carrier, direction, caller, callee, agent, agent_version, started_at, duration,
                caller_turns, agent_turns, not_understood, interruptions, tool_calls)
            VALUES ('old', 1, 'twilio', 'inbound', '+1', '+2', 'sdr', 'a', 1800000000000, 40000, 2, 3, 1, 0, 0);
            INSERT INTO turns (call_id, number, speaker, started, text, entities, interrupted)
            VALUES ('old', 1, 'caller', 8000, 'the first words', '{}', 0);
            INSERT INTO journal (call_id, sequence, position, kind, payload)
            VALUES ('old', 0, 0, 'mediaStarted', '{"mediaStarted":{}}'), ('old', 1, 8000, 'timer', '{}');
            """
        let hasCampaigns = Schema.steps.prefix(steps).contains { $0.name == CampaignOfBefore.step }
        if hasCampaigns { script += "\n" + CampaignOfBefore.rows }
        try Self.command(script, at: location)
        let store = try Store(postgres: location)
        let story = try await store.story(ofCall: "old")
        #expect(story.turns.map(\.text) == ["the first words"] && story.call.counts.agentTurns == 3)
        #expect(try await store.calls(matching: CallFilter(text: "first wor")).hits.count == 1)
        try await store.apply((2..<9).map { .journal(StoreWrite.entry($0, of: "old")) })
        let journal = try await store.journal(ofCall: "old")
        #expect(journal.map(\.sequence) == Array(0..<9))
        #expect(journal[0].kind == "mediaStarted" && journal[0].payload == Data(#"{"mediaStarted":{}}"#.utf8))
        if hasCampaigns { try await CampaignOfBefore.expect(in: store) }
    }

    @Test("one process of all nodes places the calls; another one takes over when its connection is gone")
    func dialler() async throws {
        var own = location
        own.connection += " application_name=dialling"
        let (left, right) = (try Store(postgres: own), try Store(postgres: location))
        let first = try #require(try await DialerLock.take(of: left))
        #expect(await first.isHeld())
        #expect(try await DialerLock.take(of: right) == nil)
        try Self.command(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dialling'", at: location)
        #expect(await !first.isHeld())
        var second: DialerLock?
        // The server lets go of what a session held when that has ended.
        for _ in 0..<1000 where second == nil {
            second = try await DialerLock.take(of: right)
            if second == nil { try await Task.sleep(for: .milliseconds(5)) }
        }
        #expect(second != nil)
    }

    @Test("consents of an older schema get places of their own, and are told in pages, each once")
    func consentsOfBefore() async throws {
        let connection = try PostgresConnection(location)
        try connection.command("CREATE TABLE parley_schema (step TEXT NOT NULL PRIMARY KEY)")
        for step in Schema.steps.prefix(while: { $0.name != "42-lists" }) {
            try connection.command(step.postgres)
            try connection.command("INSERT INTO parley_schema (step) VALUES ('\(step.name)')")
        }
        try connection.command(
            """
            INSERT INTO consents (number, seller, kind, source, given_at)
            SELECT '+1212736500' || n, 's', 'express', 'form ' || n, 1 FROM generate_series(0, 4) AS n
            """)
        let store = try Store(postgres: location)
        var (told, cursor): ([String], ListCursor?) = ([], nil)
        for _ in 0..<3 {
            let page = try await store.consents(limit: 2, after: cursor)
            told += page.consents.map(\.source)
            cursor = page.next
        }
        #expect(told.sorted() == (0..<5).map { "form \($0)" } && cursor == nil)
        try store.close()
    }

    @Test("a closed store fails, and does not trap")
    func closed() async throws {
        let store = try Store(postgres: location)
        try store.close()
        await #expect(throws: StoreError.self) { try await store.calls() }
        await #expect(throws: StoreError.self) { try await store.apply([.call(.sample("a"))]) }
    }

    private static func command(
        _ sql: String, at location: PostgresLocation
    ) throws {
        try PostgresConnection(location).command(sql)
    }
}
