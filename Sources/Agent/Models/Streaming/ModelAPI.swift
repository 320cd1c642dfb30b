package import Networking

/// One protocol of language models, as ``StreamedModel`` needs it: how to ask, how to read the answer, what a refusal
/// means.
package protocol ModelAPI: Sendable {
    associatedtype Accumulator: ModelAccumulator

    /// Names the provider in errors: without query and credentials.
    var baseURL: String { get }
    /// Name look-up, TCP and TLS.
    var connectDeadline: Duration { get }
    /// For the waits between all attempts together, before the first token.
    var retryBudget: Duration { get }

    /// The request but for its deadlines.
    func httpRequest(for request: ModelRequest) -> HTTPClientRequest

    func makeAccumulator() -> Accumulator

    /// What an answer with a status other than 200 means.
    func error(status: Int, headers: [(name: String, value: String)], body: String) -> ModelError
}

/// Puts one streamed answer together: the data of events in, ``ModelEvent``s out. No I/O.
package protocol ModelAccumulator: Sendable {
    /// The stream's own end mark was seen.
    var isDone: Bool { get }
    /// Something was given out that cannot be taken back.
    var hasText: Bool { get }
    /// Bytes of text and arguments so far. Grows with everything useful, and with nothing else.
    var size: Int { get }

    /// Takes the data of one event.
    ///
    /// - Throws: for an error inside the stream, and for data that is not of the protocol.
    mutating func push(_ data: String) throws(ModelError) -> [ModelEvent]

    /// The connection ended: the tool calls and the end of the answer.
    ///
    /// - Throws: when the answer is not complete.
    mutating func finish() throws(ModelError) -> [ModelEvent]
}
