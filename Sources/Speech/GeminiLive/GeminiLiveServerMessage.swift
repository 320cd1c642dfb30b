import Foundation

/// What the vendor says, as far as it matters here. One message may say several things.
struct GeminiLiveServerMessage: Decodable {
    struct Content: Decodable {
        struct Turn: Decodable {
            struct Part: Decodable {
                struct Blob: Decodable {
                    let mimeType: String?
                    let data: Data?
                }

                let inlineData: Blob?
            }

            let parts: [Part]?
        }

        struct Transcription: Decodable {
            let text: String?
            let finished: Bool?
        }

        let modelTurn: Turn?
        let inputTranscription: Transcription?
        let outputTranscription: Transcription?
        let generationComplete: Bool?
        let interrupted: Bool?
        let turnComplete: Bool?
        let turnCompleteReason: String?
    }

    struct ToolCall: Decodable {
        struct Function: Decodable {
            let id: String?
            let name: String?
            let args: GeminiLiveArguments?
        }

        let functionCalls: [Function]?
    }

    struct Cancellation: Decodable {
        let ids: [String]?
    }

    struct GoAway: Decodable {
        let timeLeft: String?
    }

    struct Resumption: Decodable {
        let newHandle: String?
        let resumable: Bool?
    }

    struct Usage: Decodable {
        struct Share: Decodable {
            let modality: String?
            let tokenCount: Int?
        }

        let promptTokenCount: Int?
        let cachedContentTokenCount: Int?
        let responseTokenCount: Int?
        let toolUsePromptTokenCount: Int?
        let thoughtsTokenCount: Int?
        let promptTokensDetails: [Share]?
        let cacheTokensDetails: [Share]?
        let responseTokensDetails: [Share]?
    }

    private struct Nothing: Decodable {}

    private let setupComplete: Nothing?
    let serverContent: Content?
    let toolCall: ToolCall?
    let toolCallCancellation: Cancellation?
    let goAway: GoAway?
    let sessionResumptionUpdate: Resumption?
    let usageMetadata: Usage?

    var isSetupComplete: Bool { setupComplete != nil }

    /// - Throws: what is no message of this protocol.
    init(_ message: Span<UInt8>) throws {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        self = try JSONDecoder().decode(Self.self, from: data)
    }
}
