import Foundation
import GRDB
import Store
import Testing

@Suite("The program's commands")
struct CommandTests {
    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test("list and show calls as JSON, and tell a call that is not there with status 1")
    func calls() async throws {
        let folder = try TemporaryFolder()
        let environment = ["PARLEY_STORE_PATH": folder.url.appending(path: "parley.sqlite").path]
        let missing = try await Command.run("calls", "list", "--json", in: folder.url, environment: environment)
        #expect(missing.status == 1 && missing.output.isEmpty && !missing.complaints.isEmpty)

        let store = try Store(path: folder.url.appending(path: "parley.sqlite").path)
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        for (index, id) in ["c1", "c2"].enumerated() {
            try await store.apply([
                RevisedWrite(
                    revision: 1,
                    write: .call(
                        CallRecord(
                            id: id, carrier: "twilio", carrierCallID: "CA\(index)", direction: .inbound,
                            from: "+15550100", to: "+15550199", agent: "thermostat", agentVersion: "1",
                            startedAt: start.addingTimeInterval(Double(index))))),
                RevisedWrite(
                    revision: 2,
                    write: .turn(
                        TurnRecord(callID: id, number: 1, speaker: .caller, started: 0, text: "set it to \(id)"))),
            ])
        }
        try store.close()

        let list = try await Command.run("calls", "list", "--json", in: folder.url, environment: environment)
        #expect(list.status == 0 && list.complaints.isEmpty, "\(list)")
        let listed = try #require(try Self.object(list.output)["calls"] as? [[String: Any]])
        #expect(listed.map { $0["id"] as? String } == ["c2", "c1"])

        let found = try await Command.run(
            "calls", "list", "--text", "C1 set", in: folder.url, environment: environment)
        #expect(found.output.contains("caller  [set] it to [c1]") && !found.output.contains("c2"), "\(found)")

        let show = try await Command.run("calls", "show", "c1", "--json", in: folder.url, environment: environment)
        #expect(show.status == 0, "\(show)")
        let turns = try #require(try Self.object(show.output)["turns"] as? [[String: Any]])
        #expect(turns.map { $0["text"] as? String } == ["set it to c1"])

        let unknown = try await Command.run("calls", "show", "zz", "--json", in: folder.url, environment: environment)
        #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.complaints.contains("zz"), "\(unknown)")
    }

    @Test("say who made a key, that the audit log is whole, and which row somebody has changed")
    func audit() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "parley.sqlite").path
        let environment = ["PARLEY_STORE_PATH": path]
        for name in ["first", "second"] {
            let made = try await Command.run(
                "keys", "create", "--name", name, "--json", in: folder.url, environment: environment)
            #expect(made.status == 0, "\(made)")
        }
        let list = try await Command.run("audit", in: folder.url, environment: environment)
        #expect(list.output.contains("keys create") && list.output.contains("name=second"), "\(list)")
        let whole = try await Command.run("audit", "verify", "--json", in: folder.url, environment: environment)
        let verdict = try Self.object(whole.output)
        #expect(whole.status == 0 && verdict["rows"] as? Int == 2, "\(whole)")
        let head = try #require(verdict["head"] as? [String: Any])
        let text = "\(head["number"] ?? ""):\(head["hash"] ?? "")"
        let kept = try await Command.run(
            "audit", "verify", "--expect", text, in: folder.url, environment: environment)
        #expect(kept.status == 0 && kept.output.contains(text), "\(kept)")

        let database = try DatabaseQueue(path: path)
        try await database.write {
            try $0.execute(
                sql: "DROP TRIGGER audit_log_unchanged; UPDATE audit_log SET actor = 'terminal nobody' WHERE number = 2"
            )
        }
        try database.close()
        let broken = try await Command.run("audit", "verify", in: folder.url, environment: environment)
        #expect(broken.status == 1 && broken.output.contains("BROKEN at row 2"), "\(broken)")
        let wrong = try await Command.run(
            "audit", "verify", "--expect", "2", in: folder.url, environment: environment)
        #expect(wrong.status == 64, "\(wrong)")
    }

    @Test("say what was done though the audit log takes no row, and begin no import then")
    func unwritten() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "parley.sqlite").path
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let campaigns = root.appending(path: "config/campaigns")
        let environment = [
            "PARLEY_STORE_PATH": path, "PARLEY_AGENTS_DIRECTORY": root.appending(path: "config/agents").path,
            "PARLEY_CAMPAIGNS_DIRECTORY": campaigns.path,
        ]
        let created = try await Command.run(
            "campaign", "create", campaigns.appending(path: "reminder.yaml").path, in: folder.url,
            environment: environment)
        #expect(created.status == 0, "\(created)")
        let database = try DatabaseQueue(path: path)
        try await database.write {
            try $0.execute(
                sql: """
                    CREATE TRIGGER audit_log_full BEFORE INSERT ON audit_log
                    BEGIN SELECT RAISE(ABORT, 'there is no room'); END
                    """)
        }
        try database.close()

        let imported = try await Command.run(
            "campaign", "import", "reminder", campaigns.appending(path: "reminder.csv").path, "--rejected", "rejected",
            in: folder.url, environment: environment)
        #expect(imported.status == 1 && imported.output.isEmpty, "\(imported)")
        let backup = try await Command.run("backup", "copy", in: folder.url, environment: environment)
        #expect(backup.status == 0 && backup.output == "backed up to copy\n", "\(backup)")
        #expect(backup.complaints.contains("done, but not in the audit log: backup: "), "\(backup)")
        // The copy has the trigger, too.
        let restore = try await Command.run("restore", "copy", in: folder.url, environment: environment)
        #expect(restore.status == 0 && restore.output.contains("; what was there is now \(path).before-"), "\(restore)")
        #expect(restore.complaints.contains("done, but not in the audit log: restore: "), "\(restore)")

        let copy = try DatabaseQueue(path: path)
        let contacts = try await copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM contacts") }
        #expect(contacts == 0)
        try copy.close()
    }

    @Test("end with 64 where the arguments cannot be read, and with 78 where the settings cannot, all of them named")
    func statuses() async throws {
        let folder = try TemporaryFolder()
        let argument = try await Command.run("calls", "list", "--jsno", in: folder.url)
        #expect(argument.status == 64 && argument.complaints.contains("--jsno"), "\(argument)")
        try Data("public:\n  port: eight\nmedai: {}\n".utf8).write(to: folder.url.appending(path: "bad.yaml"))
        let settings = try await Command.run("check", "--config", "bad.yaml", in: folder.url)
        #expect(settings.status == 78)
        #expect(settings.complaints.contains("bad.yaml:2:9: `public.port` is `eight`"), "\(settings)")
        #expect(settings.complaints.contains("medai"))
        let help = try await Command.run("demo", "--help", in: folder.url)
        #expect(help.status == 0 && help.output.contains("--keep-serving"))
    }

    @Test("agent check where there are no agents names the directory, and what says where they are")
    func agentsElsewhere() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Command.run("agent", "check", in: folder.url)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.complaints.contains("could not read the directory of agents ("), "\(outcome)")
        #expect(outcome.complaints.contains("config/agents") && outcome.complaints.contains("--config"), "\(outcome)")
        #expect(!outcome.complaints.contains("NSCocoaErrorDomain"), "\(outcome)")
    }

    @Test("check says as JSON what is missing, and ends with 1 for it")
    func check() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Command.run(
            "check", "--json", in: folder.url,
            environment: [
                "PARLEY_AGENTS_DIRECTORY": folder.url.appending(path: "none").path,
                "PARLEY_SPEECH_ACOUSTIC_MODEL": folder.url.appending(path: "none").path,
            ])
        #expect(outcome.status == 1, "\(outcome)")
        let findings = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        let verdicts = Dictionary(
            findings.map { ($0["subject"] as? String ?? "", $0["isOK"] as? Bool ?? false) }
        ) { first, _ in first }
        #expect(verdicts["agents"] == false && verdicts["store"] == true, "\(verdicts)")
    }

    @Test("webhooks make secrets, list and send again what was told, and show what a test came to")
    func webhooks() async throws {
        let folder = try TemporaryFolder()
        let secret = try await Command.run("webhooks", "secret", in: folder.url)
        #expect(secret.status == 0 && secret.output.hasPrefix("whsec_"), "\(secret)")
        // Nobody listens at port 9.
        let environment = [
            "PARLEY_STORE_PATH": folder.url.appending(path: "parley.sqlite").path,
            "PARLEY_WEBHOOKS_ALLOW_ADDRESSES": "127.0.0.1",
            "PARLEY_WEBHOOKS_ENDPOINTS_CRM_URL": "http://127.0.0.1:9/",
            "PARLEY_WEBHOOKS_ENDPOINTS_CRM_SECRET": secret.output.trimmingCharacters(in: .whitespacesAndNewlines),
        ]
        let store = try Store(path: folder.url.appending(path: "parley.sqlite").path)
        let call = CallRecord(
            id: "c1", carrier: "twilio", direction: .inbound, from: "", to: "", agent: "a", agentVersion: "1",
            startedAt: Date())
        let draft = WebhookDraft(
            id: "msg_ended_c1_crm", endpoint: "crm", event: "call.ended", stream: "c1", subject: "c1",
            happenedAt: Date())
        try await store.apply([RevisedWrite(revision: 1, write: .announcedCall(call, [draft]))])
        let waits = try await Command.run("webhooks", "replay", draft.id, in: folder.url, environment: environment)
        #expect(waits.status == 1 && waits.complaints.contains("it waits to be sent already"), "\(waits)")
        try await store.abandonWebhooks(endpoint: "crm", because: "by hand", now: Date())
        let again = try await Command.run("webhooks", "replay", "--dead", in: folder.url, environment: environment)
        #expect(again.status == 0 && again.output.contains("msg_ended_c1_crm"), "\(again)")
        let list = try await Command.run("webhooks", "--json", in: folder.url, environment: environment)
        let listed = try #require(try Self.object(list.output)["deliveries"] as? [[String: Any]])
        #expect(listed.map { $0["state"] as? String } == ["pending"] && listed[0]["replays"] as? Int == 1)
        let test = try await Command.run("webhooks", "test", "crm", in: folder.url, environment: environment)
        #expect(test.status == 1 && test.output.contains("webhook-signature: v1,"), "\(test)")
        #expect(test.output.contains("no answer after"), "\(test)")
        let unknown = try await Command.run("webhooks", "test", "crn", in: folder.url, environment: environment)
        #expect(unknown.status == 1 && unknown.complaints.contains("there are crm"), "\(unknown)")
        try store.close()
    }

    @Test("mic lists the devices, and where there is none says which was tried and how to go on without")
    func noSoundCard() async throws {
        let folder = try TemporaryFolder()
        let devices = folder.url.appending(path: "asound.conf")
        try Data("pcm.null { type null hint { show on description \"Goes nowhere\" } }\n".utf8).write(to: devices)
        let agents = folder.url.appending(path: "agents")
        try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
        let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../config/agents")
        try FileManager.default.copyItem(
            at: shipped.appending(path: "thermostat.yaml"), to: agents.appending(path: "thermostat.yaml"))
        let environment = ["ALSA_CONFIG_PATH": devices.path, "PARLEY_AGENTS_DIRECTORY": agents.path]

        let list = try await Command.run("mic", "--devices", in: folder.url, environment: environment)
        #expect(list.status == 0)
        #expect(list.output == "null  (capture, playback)  Goes nowhere\n")

        let call = try await Command.run(
            "mic", "--plain", "--agent", "thermostat", "--playback", "null", in: folder.url, environment: environment)
        #expect(call.status == 1)
        #expect(call.complaints.contains("cannot open the sound device \"default\""), "\(call)")
        #expect(call.complaints.contains("parley mic --in yours.wav --out theirs.wav"), "\(call)")
    }
}
