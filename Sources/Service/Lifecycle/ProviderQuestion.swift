/// One thing that the check asks a provider.
struct ProviderQuestion: Sendable {
    let provider: String
    let ask: @Sendable () async -> SystemCheck.Finding

    /// As many providers are asked at a time.
    static let most = 8

    /// Asks providers side by side, and each of them one thing after the other: an account may bear no more at a time.
    ///
    /// - Returns: what was found, in the questions' order.
    static func answers(
        to questions: [ProviderQuestion], atMost bound: Int = most
    ) async -> [SystemCheck.Finding] {
        let lanes = Dictionary(grouping: questions.indices) { questions[$0].provider }.values.sorted { $0[0] < $1[0] }
        return await withTaskGroup(of: [Int: SystemCheck.Finding].self) { group in
            var waiting = lanes.dropFirst(bound)
            for lane in lanes.prefix(bound) { group.addTask { await Self.answers(lane, of: questions) } }
            var found: [Int: SystemCheck.Finding] = [:]
            while let answers = await group.next() {
                found.merge(answers) { first, _ in first }
                if let lane = waiting.popFirst() { group.addTask { await Self.answers(lane, of: questions) } }
            }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Asks those of `lane` one after the other.
    private static func answers(
        _ lane: [Int], of questions: [ProviderQuestion]
    ) async -> [Int: SystemCheck.Finding] {
        var found: [Int: SystemCheck.Finding] = [:]
        for index in lane { found[index] = await questions[index].ask() }
        return found
    }
}
