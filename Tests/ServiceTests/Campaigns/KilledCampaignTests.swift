import Campaigns
import Emulators
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("A process that places calls and is killed", .serialized)
struct KilledCampaignTests {
    /// The most processes that are started; each is killed within two seconds of placing calls.
    private static let rounds = 60

    @Test("calls nobody twice and loses nobody, wherever it is killed")
    func killed() async throws {
        let numbers = CampaignUnderTest.numbers(40)
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in
                // By the last digit: most calls are short, so that there is much to be killed in.
                switch number.last {
                case "0", "1": .talks([SpokenClip.saying("yes")])
                case "2", "3": .hangsUp(after: .milliseconds(150))
                case "4": .noAnswer
                default: .busy
                }
            }
            $0.fault = { $0 % 7 == 3 ? .answerLost : .none }
            $0.callbacks = { $0 % 5 == 4 ? .none : .normal }
            $0.ringing = .milliseconds(100)
        } _: { test in
            try await test.begin(numbers) {
                $0.pacing.concurrency = 6
                $0.pacing.callsPerSecond = 8
            }
            var kills = 0
            var isFinished = false
            while kills < Self.rounds, !isFinished {
                let (path, url, delay) = (test.directory.path, test.url, 50 + (kills * 397) % 1900)
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [path = path as String, url = url as String, delay = delay as Int] in
                    try await KilledCampaignTests.placeCallsUntilKilled(path, carrier: url, after: delay)
                }
                kills += 1
                try await test.afterwards { store in isFinished = try await CampaignUnderTest.isFinished(store) }
            }
            // What is still open when the kills are over, a process that lives brings to its end.
            if !isFinished { try await test.serve(until: CampaignUnderTest.isFinished) }
            #expect(kills >= 3)

            // The carrier's own books: nobody was called twice, for one attempt or in all.
            let doubled = test.carriedByAttempt.filter { $0.value > 1 }
            #expect(doubled.isEmpty)
            let calls = Dictionary(grouping: test.carrier.calls, by: \.to).mapValues(\.count)
            #expect(calls == Dictionary(uniqueKeysWithValues: numbers.map { ($0, 1) }))
            try await test.afterwards { store in
                let campaign = try await store.campaign(named: "test")
                let contacts = try await store.contacts(campaign: campaign.id)
                #expect(contacts.count == numbers.count)
                for contact in contacts {
                    #expect(contact.state == .done)
                    #expect(contact.attempts == 1)
                    let attempts = try await store.attempts(contact: contact.id)
                    #expect(attempts.allSatisfy { $0.state == .ended })
                    // One that counts; the others were never asked for.
                    #expect(attempts.count { $0.outcome != "not_placed" } == 1)
                    #expect(attempts.filter { $0.outcome == "not_placed" }.allSatisfy { $0.carrierCallID == nil })
                }
                try await store.verify()
            }
            print(
                "killed \(kills) times: \(test.carrier.calls.count) calls for \(numbers.count) people, \(doubled.count) doubled"
            )
        }
    }

    /// The child: a whole service that places calls, and a thread that kills it so many milliseconds after it can.
    static func placeCallsUntilKilled(_ path: String, carrier: String, after milliseconds: Int) async throws {
        let logger = Logger(label: "child") { _ in SwiftLogNoOpLogHandler() }
        let service = try CampaignUnderTest.service(in: URL(fileURLWithPath: path), carrier: carrier, logger: logger)
        let group = ServiceGroup(services: [service], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            _ = try await service.reachable()
            tasks.addTask {
                try await Task.sleep(for: .milliseconds(milliseconds))
                kill(getpid(), SIGKILL)
            }
            try await tasks.waitForAll()
        }
    }
}
