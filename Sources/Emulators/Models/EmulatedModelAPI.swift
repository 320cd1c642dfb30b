import Networking

/// What an emulated vendor of language models does in its own way; ``ModelEmulator`` does the rest.
protocol EmulatedModelAPI: Sendable {
    /// Whether a path is this vendor's, so that one server may serve several.
    func owns(_ path: String) -> Bool

    /// Path, method, key and headers.
    func checkRim(_ request: HTTPRequest, apiKey: String) throws(EmulatedRefusal)

    /// The body, as strictly as the vendor reads it.
    ///
    /// - Throws: ``EmulatedRefusal``, or a `DecodingError` for a body of the wrong shape.
    func read(_ request: HTTPRequest) throws -> EmulatedQuestion

    /// The events as they go over the wire, and how many come before the first useful one.
    func stream(_ answer: EmulatedAnswer) -> (events: [[UInt8]], preamble: Int)

    /// The same as one object, for a request that does not stream.
    func whole(_ answer: EmulatedAnswer) -> [UInt8]

    /// The event that stands for a failure.
    var errorEvent: [UInt8] { get }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse

    /// The vendor's words for a body of the wrong shape and for a model that does not exist.
    var invalidCode: String { get }
    var notFoundCode: String { get }
}

/// A request that was accepted.
struct EmulatedQuestion: Sendable {
    var exchange: ModelEmulatorConfiguration.Exchange
    var isStreamed: Bool
    var promptTokens: Int
}

/// An answer that is to be written in a vendor's form.
struct EmulatedAnswer: Sendable {
    /// Counts the requests; makes ids unique.
    var number: Int
    var model: String
    var reply: ModelEmulatorConfiguration.Reply
    var promptTokens: Int

    func callID(_ prefix: String, _ index: Int) -> String { "\(prefix)\(number)_\(index)" }
}

/// Why a request is refused, as the vendor would put it.
struct EmulatedRefusal: Error, Sendable {
    var status: Int
    var code: String
    var message: String
    var retryAfterMilliseconds: Int?

    init(_ status: Int, _ code: String, _ message: String, retryAfterMilliseconds: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}
