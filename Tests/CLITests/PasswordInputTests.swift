import Foundation
import Glibc
import Store
import Testing

@Suite("Passwords at the command line")
struct PasswordInputTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        let database = folder.url.appending(path: "parley.sqlite").path
        environment = ["PARLEY_STORE_PATH": database]
        try Store(path: database).close()
    }

    private func adding(_ name: String, at terminal: PseudoTerminal) throws -> Command {
        try Command(["accounts", "add", name], in: folder.url, environment: environment, input: terminal.input)
    }

    private func wait(_ command: Command, until words: String) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !command.complaints.contains(words) {
            try #require(ContinuousClock.now < end, "\(command.complaints)")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("a terminal shows nothing of them, asks twice, and is as it was afterwards")
    func typed() async throws {
        let terminal = try PseudoTerminal()
        terminal.enter("this is shown\n")
        var shown = ""
        let end = ContinuousClock.now + .seconds(10)
        while !shown.contains("this is shown"), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(5))
            shown += terminal.shown()
        }
        #expect(shown.contains("this is shown"))
        #expect(terminal.shows)
        let command = try adding("mia", at: terminal)
        try await wait(command, until: "The password")
        #expect(!terminal.shows)
        terminal.enter("a dozen letters\n")
        try await wait(command, until: "again")
        terminal.enter("a dozen letters\n")
        let outcome = try await command.ended()
        #expect(outcome.status == 0 && outcome.output.contains("mia may sign in"), "\(outcome)")
        #expect(!terminal.shown().contains("dozen"))
        #expect(terminal.shows)
    }

    @Test("two that differ change nothing")
    func different() async throws {
        let terminal = try PseudoTerminal()
        let command = try adding("mia", at: terminal)
        try await wait(command, until: "The password")
        terminal.enter("a dozen letters\n")
        try await wait(command, until: "again")
        terminal.enter("a dozen lettres\n")
        let outcome = try await command.ended()
        #expect(outcome.status == 1 && outcome.complaints.contains("two passwords"), "\(outcome)")
        #expect(terminal.shows)
        let list = try await Command.run("accounts", "list", in: folder.url, environment: environment)
        #expect(list.output.contains("No accounts"), "\(list)")
    }

    @Test("Ctrl-C ends the program and gives the terminal back as it was")
    func interrupted() async throws {
        // Programs inherit what their parent ignores, and a shell ignores Ctrl-C in what it starts in the background.
        signal(SIGINT, SIG_DFL)
        let terminal = try PseudoTerminal()
        let command = try adding("mia", at: terminal)
        try await wait(command, until: "The password")
        #expect(!terminal.shows)
        terminal.enter("half a pass")
        command.interrupt()
        let outcome = try await command.ended()
        #expect(outcome.status == SIGINT, "\(outcome)")
        #expect(terminal.shows)
        #expect(!terminal.shown().contains("half"))
    }

    @Test("what is no terminal gives one line, and nothing is asked")
    func piped() async throws {
        let file = folder.url.appending(path: "password")
        try Data("a dozen letters\nsomething else\n".utf8).write(to: file)
        let command = try Command(
            ["accounts", "add", "mia"], in: folder.url, environment: environment,
            input: try FileHandle(forReadingFrom: file))
        let outcome = try await command.ended()
        #expect(outcome.status == 0 && outcome.output.contains("mia may sign in"), "\(outcome)")
        #expect(!outcome.complaints.contains("The password"), "\(outcome)")
    }
}
