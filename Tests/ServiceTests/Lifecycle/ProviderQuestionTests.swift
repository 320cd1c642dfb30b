import Networking
import Testing

@testable import Service

@Suite("Questions to providers")
struct ProviderQuestionTests {
    /// Who is being asked, and who was at most.
    private struct Asked: Sendable {
        var now: [String: Int] = [:]
        var most = 0
        var mostOfOne = 0

        mutating func begin(_ provider: String) {
            now[provider, default: 0] += 1
            most = max(most, now.values.reduce(0, +))
            mostOfOne = max(mostOfOne, now[provider] ?? 0)
        }
    }

    @Test("are asked side by side, within a bound, one at a time of each, and answered in their order")
    func sideBySide() async {
        let asked = Lock(Asked())
        let bound = 3
        // The first of each provider waits until as many are asked as may be.
        let questions = ["a", "b", "a", "c", "d", "b", "e"].enumerated().map { index, provider in
            ProviderQuestion(provider: provider) {
                asked.withLock { $0.begin(provider) }
                let end = ContinuousClock.now + .seconds(20)
                while asked.withLock({ $0.most }) < bound, ContinuousClock.now < end {
                    try? await Task.sleep(for: .milliseconds(2))
                }
                // Those who come first are ready last.
                try? await Task.sleep(for: .milliseconds(20 - 2 * index))
                asked.withLock { $0.now[provider, default: 0] -= 1 }
                return SystemCheck.Finding(subject: "\(index)", isOK: true, detail: provider)
            }
        }
        let answers = await ProviderQuestion.answers(to: questions, atMost: bound)
        #expect(answers.map(\.subject) == ["0", "1", "2", "3", "4", "5", "6"])
        #expect(answers.map(\.detail) == ["a", "b", "a", "c", "d", "b", "e"])
        let (most, mostOfOne) = asked.withLock { ($0.most, $0.mostOfOne) }
        #expect(most == bound && mostOfOne == 1)
        let none = await ProviderQuestion.answers(to: [])
        #expect(none.isEmpty)
    }
}
