extension ParleyConfiguration {
    /// What is kept of nobody.
    package struct Privacy: Sendable, Equatable {
        /// What is masked before it is stored or logged.
        package var masked = Masked(kinds: [.cards])
        /// Regular expressions of what else is, by name.
        package var patterns: [String: String] = [:]

        package var mask: PersonalDataMask {
            // What cannot be read stops the start.
            PersonalDataMask(
                masked.kinds,
                patterns: patterns.sorted { $0.key < $1.key }.compactMap { MaskPattern(name: $0.key, $0.value) })
        }

        package struct Masked: Sendable, Equatable {
            package var kinds: Set<PersonalData>

            package init(kinds: Set<PersonalData>) { self.kinds = kinds }
        }
    }
}
