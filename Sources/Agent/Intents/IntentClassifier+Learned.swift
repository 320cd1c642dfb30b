import Networking

extension IntentClassifier {
    /// What `examples` teach, learned once: an agent is read again whenever its file or a version of it is looked at.
    static func learned(from examples: [IntentExample], meanings: SentenceMeanings?) -> IntentClassifier {
        let lesson = Lesson(examples: examples, meanings: meanings.map { ObjectIdentifier($0) })
        if let known = learned.withLock({ $0[lesson] }) { return known }
        let classifier = IntentClassifier(examples: examples, meanings: meanings)
        learned.withLock { learned in
            if learned.count >= lessonLimit { learned = [:] }
            learned[lesson] = classifier
        }
        return classifier
    }

    private struct Lesson: Hashable {
        var examples: [IntentExample]
        /// Who knew what they mean; the classifier keeps it alive.
        var meanings: ObjectIdentifier?
    }

    private static let learned = Lock<[Lesson: IntentClassifier]>([:])
    /// After so many all are forgotten; a service has as many as flows and their versions on trial, and each tenant its own.
    private static let lessonLimit = 512
}
