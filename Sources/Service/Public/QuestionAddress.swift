import Networking
import Telephony

/// Where a carrier asks once a question for a key is over: the subject is the path, and the round tells which question it was.
enum QuestionAddress {
    private static let name = "round"

    /// Below the carrier's name.
    static func path(of question: KeyQuestion) -> String {
        "\(question.subject.rawValue)?\(name)=\(question.round)"
    }

    /// Nil when it does not say.
    static func round(in request: HTTPRequest) -> Int? {
        (try? FormBody(decoding: request.query.utf8))?[name].flatMap { Int($0) }
    }
}
