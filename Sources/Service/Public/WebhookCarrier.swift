import Networking
import Telephony

/// How one carrier asks what to do with a call, and how it wants to be answered. A value: what a call means for the service
/// is ``WebhookEntrance``'s.
protocol WebhookCarrier: Sendable {
    /// The name of its media dialect, and the first part of its paths.
    var name: String { get }
    /// What its dialect has to know of how a stream was asked for.
    var mediaParameters: [String: String] { get }

    /// Whether the request comes from the carrier.
    ///
    /// - Parameters:
    ///   - url: as the carrier called it, with its query.
    ///   - now: time since 1970.
    func proof(of request: HTTPRequest, url: String, now: Duration) -> WebhookProof

    /// The call that a request is about; nil when it names none.
    func call(in request: HTTPRequest) -> WebhookCall?

    /// Bridges the call to a media socket, and asks at `afterwards` once that is closed.
    func connect(_ media: String, afterwards: String) -> HTTPResponse

    /// Turns the call away before it is answered.
    func refuse() -> HTTPResponse

    /// Says it in the carrier's own voice and ends the call.
    func say(_ message: SpokenMessage) -> HTTPResponse

    /// Says it and waits for one key; asks at `action` what to do then, with or without one.
    func ask(_ question: KeyQuestion, action: String) -> HTTPResponse

    /// The key that somebody pressed whom ``ask(_:action:)`` asked; nil for none.
    func key(in request: HTTPRequest) -> String?

    /// Ends the call, or hands it on.
    ///
    /// - Parameter action: asked what to do when the dialling is over; nil where nobody would come back.
    func answer(_ afterwards: CallDesk.Afterwards, action: String?) -> HTTPResponse

    /// How the dialling that ``answer(_:action:)`` asked for ended; nil while it goes on.
    func dialled(in request: HTTPRequest) -> DialledEnd?

    /// What a webhook says of a call that we placed; nil when it says nothing of it that is understood.
    func news(in request: HTTPRequest) -> CarrierNews?
}

extension WebhookCarrier {
    var mediaParameters: [String: String] { [:] }
}

enum WebhookProof: Sendable, Equatable {
    case valid
    /// - Parameters:
    ///   - fault: for the metric.
    ///   - reason: for the log.
    ///   - answer: for whoever sent it.
    case refused(WebhookFault, reason: String, answer: String)

    static func missing(_ header: String) -> WebhookProof {
        .refused(.missing, reason: "there is no \(header)", answer: "The signature is missing.")
    }

    static let mismatch = WebhookProof.refused(
        .mismatch, reason: "the signature does not match",
        answer: "The signature does not match. Is public.url what the carrier calls?")

    static let stale = WebhookProof.refused(
        .stale, reason: "the signature is minutes old", answer: "The signature is too old. Are the clocks right?")
}

/// What a webhook says of a call.
struct WebhookCall: Sendable, Equatable {
    var id: String
    /// Numbers with `+`, or SIP addresses.
    var from: String
    var to: String
    /// Whether the stream of this call has ended and the carrier wants to know what now.
    var streamEnded = true
    /// Whether there is nobody on the line any more.
    var isOver = false
    /// By which the carrier's REST interface knows the call, where that is not ``id``.
    var leg: String?

    var controlID: String { leg ?? id }
}
