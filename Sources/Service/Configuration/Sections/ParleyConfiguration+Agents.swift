extension ParleyConfiguration {
    /// Who answers.
    package struct Agents: Sendable, Equatable {
        /// Where the agents' files are.
        package var directory = "config/agents"
        /// Answers calls to numbers that ``numbers`` lacks.
        package var `default` = "receptionist"
        /// Agents by called number, as the carrier writes it (`+493012345678`).
        package var numbers: [String: String] = [:]
        /// What flows understand their callers by.
        package var understanding = Understanding.sentences

        package enum Understanding: String, Sendable, CaseIterable {
            /// A sentence model; the words alone where it is absent.
            case sentences
            case words
        }

        /// The agent for a call to `number`.
        package func name(forCallTo number: String) -> String { numbers[number] ?? `default` }
    }
}
