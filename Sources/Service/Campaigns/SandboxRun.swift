import Callers
package import Emulators
package import Logging

/// `parley sandbox`: the carrier of our own, with people whose behaviour the last digit of their number tells.
package struct SandboxRun: Sendable {
    /// What each last digit means, for people.
    package static let guide = """
        last digit  what happens
        0-2         answers in silence, and says yes
        3           says hello first, and yes later
        4           answers and says no
        5           busy
        6           nobody answers
        07          voicemail with a beep
        17          an assistant asks who calls, then fetches somebody who says yes
        27          a menu; key 2 leads to somebody who says yes
        37          a fax
        47          talks over the agent, and says yes
        8           answers and presses 9
        9           answers and hangs up at once
        """

    private let configuration: ParleyConfiguration
    private let fixtures: String
    private let logger: Logger

    /// - Parameter fixtures: the folder with the recorded callers.
    package init(_ configuration: ParleyConfiguration, fixtures: String, logger: Logger) {
        self.configuration = configuration
        self.fixtures = fixtures
        self.logger = logger
    }

    /// Runs until it is cancelled.
    ///
    /// - Parameters:
    ///   - listening: told what a configuration must say to reach it, a line each.
    ///   - say: told of every call that ends, a line each.
    package func run(
        port: Int, listening: ([String]) -> Void, say: @escaping @Sendable (SandboxCall) -> Void
    ) async throws {
        let manifest = try FixtureManifest(directory: fixtures)
        func clip(_ text: String) throws -> CallerClip {
            guard let fixture = manifest.fixtures.first(where: { $0.text == text }) else {
                throw DemoError(reason: "the fixtures hold nobody who says \"\(text)\"")
            }
            return try manifest.clip(fixture)
        }
        let (yes, no) = (try clip("yes please"), try clip("no thank you"))
        let said = try await SandboxVoices.make(logger: logger)
        let person = SandboxCarrierConfiguration.Person(greeting: said.hello, clips: [yes, yes])
        var carrier = SandboxCarrierConfiguration()
        let stand = try SandboxStand(configuration)
        (carrier.dialect, carrier.callsPerSecond) = (stand.dialect, stand.callsPerSecond)
        if let account = stand.account { carrier.account = account }
        if let secret = stand.secret { carrier.authToken = secret }
        carrier.ringing = .seconds(2)
        carrier.patience = .seconds(60)
        carrier.callee = { number, _ in
            switch (number.dropLast().last, number.last) {
            case ("1", "7"): return .screening(prompt: said.screening, person: person)
            case ("2", "7"):
                return .menu(SandboxMenu(prompt: said.menu, choices: ["1": .hangsUp, "2": .person(person)]))
            case ("3", "7"): return .fax
            case ("4", "7"): return .talksOver([yes, yes], after: .milliseconds(1500))
            case (_, "7"): return .voicemail(greeting: said.voicemail)
            default: break
            }
            return switch number.last {
            case "3": .greets(person.greeting, then: person.clips)
            case "4": .talks([no, no])
            case "5": .busy
            case "6": .noAnswer
            case "8": .presses("9", after: .seconds(3))
            case "9": .hangsUp(after: .seconds(1))
            default: .talks([yes, yes])
            }
        }
        let sandbox = SandboxCarrier(carrier, logger: logger)
        listening(stand.settings(at: try await sandbox.start(port: port)))
        await withTaskGroup { group in
            group.addTask { await sandbox.run() }
            var told: Set<String> = []
            while !Task.isCancelled {
                for call in sandbox.calls where call.ended != nil && told.insert(call.id).inserted { say(call) }
                try? await Task.sleep(for: .milliseconds(200))
            }
            group.cancelAll()
        }
        await sandbox.shutdown()
    }
}
