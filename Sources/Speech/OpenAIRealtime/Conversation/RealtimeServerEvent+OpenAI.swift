import Foundation

extension RealtimeServerEvent {
    /// An event of OpenAI's. The names of the protocol's beta are understood too: compatible servers still use them.
    ///
    /// - Throws: what is no event of this protocol.
    init(_ message: Span<UInt8>) throws {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        let (response, item) = (wire.responseID ?? "", wire.itemID ?? wire.item?.id ?? "")
        switch wire.type {
        case "input_audio_buffer.committed": self = .committed(item: item)
        case "conversation.item.added", "conversation.item.created":
            self = .itemAdded(item: item, after: wire.previous)
        case "conversation.item.input_audio_transcription.completed":
            self = .transcribed(item: item, text: wire.transcript ?? "")
        case "conversation.item.input_audio_transcription.failed":
            self = .notTranscribed(item: item, reason: wire.error?.message ?? "no words")
        case "response.created": self = .responseCreated(wire.response?.id ?? "")
        case "response.output_item.added":
            self = wire.item?.type == "message" ? .spokenItem(response: response, item: item) : .other
        case "response.output_audio_transcript.delta", "response.audio_transcript.delta":
            self = .transcript(response: response, item: item, text: wire.delta ?? "")
        case "response.output_audio_transcript.done", "response.audio_transcript.done":
            self = .transcriptEnded(response: response)
        case "response.output_audio.delta", "response.audio.delta":
            guard let audio = wire.delta.flatMap({ Data(base64Encoded: $0) }) else { throw Unreadable() }
            self = .audio(response: response, item: item, Array(audio))
        case "response.output_audio.done", "response.audio.done":
            self = .audioEnded(response: response, item: item)
        case "response.function_call_arguments.done":
            // Some servers name the function only in the response's end.
            guard let id = wire.callID, let name = wire.name else {
                self = .other
                return
            }
            let call = RealtimeToolCall(id: id, name: name, arguments: wire.arguments ?? "")
            self = .call(response: response, call)
        case "response.done":
            guard let body = wire.response, let status = body.status else { throw Unreadable() }
            self = .responseDone(response: body.id ?? "", Self.outcome(body, status: status))
        case "error": self = .failed(wire.error?.failure ?? Failure(code: "error", message: "no words"))
        default: self = .other
        }
    }

    private struct Unreadable: Error {}

    private static func outcome(_ body: Wire.Response, status: String) -> Outcome {
        let calls = (body.output ?? []).compactMap { item -> RealtimeToolCall? in
            guard item.type == "function_call", let id = item.callID, let name = item.name else { return nil }
            return RealtimeToolCall(id: id, name: name, arguments: item.arguments ?? "")
        }
        return Outcome(
            status: status, calls: calls, reason: body.details?.reason, failure: body.details?.error?.failure,
            inputTokens: body.usage?.input ?? 0, cachedTokens: body.usage?.details?.cached ?? 0,
            outputTokens: body.usage?.output ?? 0, soundIn: body.usage?.soundIn ?? 0,
            soundOut: body.usage?.outputDetails?.sound ?? 0)
    }
}

/// The parts of all messages; each has some of them.
private struct Wire: Decodable {
    struct Failure: Decodable {
        let type: String?
        let code: String?
        let message: String?
        let eventID: String?

        var failure: RealtimeServerEvent.Failure {
            .init(code: code ?? type ?? "error", message: message ?? "no words", eventID: eventID)
        }

        private enum CodingKeys: String, CodingKey {
            case type, code, message
            case eventID = "event_id"
        }
    }

    struct Item: Decodable {
        let id: String?
        let type: String?
        let callID: String?
        let name: String?
        let arguments: String?

        private enum CodingKeys: String, CodingKey {
            case id, type, name, arguments
            case callID = "call_id"
        }
    }

    struct Response: Decodable {
        struct Details: Decodable {
            let reason: String?
            let error: Failure?
        }

        struct Usage: Decodable {
            struct Details: Decodable {
                struct Cached: Decodable {
                    let sound: Int?
                    private enum CodingKeys: String, CodingKey { case sound = "audio_tokens" }
                }

                let cached: Int?
                let sound: Int?
                let cachedDetails: Cached?

                private enum CodingKeys: String, CodingKey {
                    case cached = "cached_tokens"
                    case sound = "audio_tokens"
                    case cachedDetails = "cached_tokens_details"
                }
            }

            let input: Int?
            let output: Int?
            let details: Details?
            let outputDetails: Details?

            /// Those that were in the vendor's cache are paid for as such.
            var soundIn: Int {
                guard let details else { return 0 }
                let cached = details.cachedDetails.map { $0.sound ?? 0 } ?? min(details.cached ?? 0, details.sound ?? 0)
                return max((details.sound ?? 0) - cached, 0)
            }

            private enum CodingKeys: String, CodingKey {
                case input = "input_tokens"
                case output = "output_tokens"
                case details = "input_token_details"
                case outputDetails = "output_token_details"
            }
        }

        let id: String?
        let status: String?
        let details: Details?
        let output: [Item]?
        let usage: Usage?

        private enum CodingKeys: String, CodingKey {
            case id, status, output, usage
            case details = "status_details"
        }
    }

    let type: String
    let responseID: String?
    let itemID: String?
    let previous: String?
    let item: Item?
    let delta: String?
    let transcript: String?
    let callID: String?
    let name: String?
    let arguments: String?
    let response: Response?
    let error: Failure?

    private enum CodingKeys: String, CodingKey {
        case type, item, delta, transcript, name, arguments, response, error
        case responseID = "response_id"
        case itemID = "item_id"
        case previous = "previous_item_id"
        case callID = "call_id"
    }
}
