import Networking

/// What an emulated vendor of speech does in its own way; ``SpeechEmulator`` does the rest.
protocol EmulatedSpeechAPI: Sendable {
    /// Whether a path is this vendor's, so that one server may serve several.
    func owns(_ path: String) -> Bool

    /// The pieces of the body that answers a request, and its type.
    ///
    /// - Parameter number: of the request.
    /// - Throws: ``EmulatedRefusal``, or a `DecodingError` for a body of the wrong shape.
    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]])

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse

    /// The vendor's word for a body of the wrong shape.
    var invalidCode: String { get }
}
