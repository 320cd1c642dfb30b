import AudioCore
import Callers
import Codecs
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// Whole demos, with callers that the tests' recognizer can read.
@Suite("The demo")
struct DemoTests {
    /// One of the caller's lines: what is said, to which question, and what it means.
    private struct Line {
        var text: String
        var context = "open"
        var intent = "inform"
        var entities: [String: String] = [:]
    }

    private static let booking = [
        Line(text: "i would like to book an appointment", intent: "book_appointment"),
        Line(text: "next tuesday", context: "date", entities: ["date": "2026-12-01"]),
        Line(text: "half past ten", context: "time", entities: ["time": "10:30"]),
        Line(text: "my name is peter miller", context: "name", entities: ["name": "Peter Miller"]),
        Line(text: "yes please", context: "confirm", intent: "yes"),
        Line(text: "thank you goodbye", intent: "goodbye"),
    ]

    @Test("of the receptionist ends with the appointment that was wanted, every turn understood, and a whole recording")
    func receptionist() async throws {
        let said = Lock<[String]>([])
        let (report, folder) = try await demo(of: "receptionist", Self.booking) { line in
            said.withLock { $0.append(line) }
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = said.withLock(\.self)
        #expect(report.isSuccess, "\(report.outcome): \(lines)")
        #expect(report.turns.map(\.caller) == Self.booking.map(\.text))
        #expect(report.turns.allSatisfy { $0.understood }, "\(report.turns)")
        // On a busy machine the caller may speak on before an answer is heard.
        let answered = report.turns.count { $0.latency != nil }
        #expect(answered >= 4, "\(report.turns)")
        #expect(report.tools.map(\.name).contains("calendar_book"))
        #expect(report.stored?.contains("Peter Miller") == true && report.stored?.contains("at 10:30") == true)
        let recording = try WAVReader(path: try #require(report.recording))
        #expect(recording.frameCount == report.samples && recording.format.channels == 2)
        for part in ["Dialling receptionist", "caller speaks", "heard", "tool", "answered", "ended"] {
            #expect(lines.contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test("of the thermostat fails where the room is not as wanted, and where a turn was not understood")
    func failures() async throws {
        let (report, folder) = try await demo(
            of: "thermostat",
            [
                Line(text: "set it to seventy", intent: "set_temperature", entities: ["number": "72"]),
                Line(text: "purple monkeys eat gravel", intent: "none"),
                Line(text: "that's it thank you goodbye", intent: "goodbye"),
            ])
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(!report.isSuccess && report.stored == nil)
        #expect(report.outcome.contains("the room has 70 degrees instead of 72"))
        #expect(report.outcome.contains("\"purple monkeys eat gravel\" was not understood"))
        #expect(report.tools.map(\.name).contains("thermostat_set"))
    }

    @Test("of the thermostat succeeds with the caller's own recordings, also where carriers would have to speak TLS")
    func ownRecordings() async throws {
        let folder = try Self.fixtures(
            of: "thermostat",
            [
                Line(text: "set it to seventy", intent: "set_temperature", entities: ["number": "70"]),
                Line(text: "goodbye", intent: "goodbye"),
            ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["clean/1.wav", "clean/2.wav"].map { folder.appending(path: $0).path }
        let report = try await Self.demo(
            of: "thermostat", in: folder, callerFiles: files,
            configure: { configuration in
                configuration.public.tls.certificate = "/nowhere/chain.pem"
                configuration.public.tls.key = "/nowhere/key.pem"
            })
        #expect(report.isSuccess, "\(report.outcome)")
        #expect(report.turns.map(\.caller) == ["set it to seventy", "goodbye"])
    }

    @Test("ends with the reason when its line is refused: the agent is left out, or every line is taken")
    func refused() async throws {
        let folder = try Self.fixtures(of: "assistant", [Line(text: "hello")])
        defer { try? FileManager.default.removeItem(at: folder) }
        // An agent whose model is not configured is left out; the others could answer.
        let leftOut = await #expect(throws: DemoError.self) {
            try await Self.demo(of: "assistant", in: folder, agents: ["assistant", "thermostat"])
        }
        #expect(leftOut?.reason.contains("there is no agent called \"assistant\"") == true, "\(leftOut as Any)")
        let files = [folder.appending(path: "clean/1.wav").path]
        let full = await #expect(throws: DemoError.self) {
            try await Self.demo(of: "thermostat", in: folder, callerFiles: files, configure: { $0.calls.maximum = 0 })
        }
        #expect(full?.reason.contains("no call is taken now: full") == true, "\(full as Any)")
        let unknown = await #expect(throws: DemoError.self) {
            try await Self.demo(of: "butler", in: folder, callerFiles: files)
        }
        #expect(unknown?.reason.contains("there is no agent \"butler\"; there are thermostat") == true)
    }

    @Test(
        "an appointment counts only at the time and on the day that was wanted",
        arguments: [("2026-12-01", true), ("2026-12-02", false), (nil, true)] as [(String?, Bool)])
    func goal(day: String?, isMet: Bool) throws {
        let slot = AppointmentSlot(
            doctor: "Doctor Lee", day: try #require(CalendarDay("2026-12-01")),
            time: try #require(CalendarTime("10:30")),
            minutes: 30)
        let found = [Appointment(id: 1, slot: slot, name: "Peter Miller", phone: "", status: .booked)]
        let verdict = DemoScenario.Goal.fulfilled(by: found, name: "Peter Miller", day: day, time: "10:30")
        #expect(((try? verdict.get()) != nil) == isMet)
        if case .failure(let fault) = verdict {
            #expect(fault.reason.contains("on 2026-12-02 at 10:30") && fault.reason.contains("but 2026-12-01 at 10:30"))
        }
        #expect(throws: DemoError.self) {
            try DemoScenario.Goal.fulfilled(by: found, name: "Peter Miller", day: day, time: "11:00").get()
        }
    }

    // MARK: Support

    private func demo(
        of agent: String, _ lines: [Line], say: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> (DemoReport, URL) {
        let folder = try Self.fixtures(of: agent, lines)
        return (try await Self.demo(of: agent, in: folder, say: say), folder)
    }

    private static func demo(
        of agent: String, in folder: URL, agents: [String] = [], callerFiles: [String] = [],
        say: @escaping @Sendable (String) -> Void = { _ in }, configure: (inout ParleyConfiguration) -> Void = { _ in }
    ) async throws -> DemoReport {
        var configuration = ParleyConfiguration()
        configuration.agents.directory = folder.appending(path: "agents").path
        configure(&configuration)
        let names = agents.isEmpty ? [agent == "butler" ? "thermostat" : agent] : agents
        try shippedAgents(names, into: configuration.agents.directory)
        configuration.agents.default = names[0]
        let options = Demo.Options(
            agent: agent, fixtures: folder.path, callerFiles: callerFiles,
            directory: folder.appending(path: "demo-\(UUID().uuidString)").path)
        return try await Demo(
            options: options, configuration: configuration, engines: LightEngines(), logger: LogCollector().logger,
            say: say
        ).run()
    }

    private static func shippedAgents(_ names: [String], into path: String) throws {
        let manager = FileManager.default
        try? manager.removeItem(atPath: path)
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in names.map({ "\($0).yaml" }) + ["names"] {
            try manager.copyItem(
                at: ServiceUnderTest.shippedAgents.appending(path: file),
                to: URL(fileURLWithPath: path).appending(path: file))
        }
    }

    /// A folder of fixtures that hold a demo.
    private static func fixtures(of agent: String, _ lines: [Line]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "clean"), withIntermediateDirectories: true)
        var entries: [[String: Any]] = []
        for (index, line) in lines.enumerated() {
            let clip = SpokenClip.saying(line.text)
            let file = "clean/\(index + 1).wav"
            try write(clip.audio.map { MuLaw.decode($0) }, to: folder.appending(path: file).path)
            entries.append([
                "id": "\(index + 1)", "files": ["clean": file], "text": line.text, "voice": "tone", "agent": agent,
                "context": line.context, "intent": line.intent, "entities": line.entities, "category": "demo",
                "split": "tune", "speechStart": 1600, "speechEnd": clip.speechEnd, "pauses": [[Int]](), "demo": agent,
            ])
        }
        try JSONSerialization.data(withJSONObject: entries).write(to: folder.appending(path: "manifest.json"))
        return folder
    }

    private static func write(_ samples: [Int16], to path: String) throws {
        let format = WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1)
        var writer = try WAVWriter(path: path, format: format)
        try writer.write(samples.span)
        try writer.close()
    }
}
