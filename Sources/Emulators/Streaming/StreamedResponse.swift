/// An answer with its timing: what goes out, when, and how it ends.
struct StreamedResponse: Sendable {
    enum Step: Sendable, Equatable {
        /// One HTTP chunk of the body.
        case chunk([UInt8])
        case wait(Duration)
        /// The connection is cut here, without the end of the body.
        case cut
        /// Nothing follows, but the connection stays.
        case stall
    }

    var status = 200
    var headers: [(String, String)] = []
    var steps: [Step] = []
    /// Bytes in one packet, so that events and characters are cut anywhere; nil sends what there is.
    var packetSize: Int?

    static func json(_ body: [UInt8], status: Int, headers: [(String, String)] = []) -> StreamedResponse {
        StreamedResponse(
            status: status, headers: [("Content-Type", "application/json")] + headers, steps: [.chunk(body)])
    }
}
