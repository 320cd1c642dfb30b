package import Callers
package import Networking
package import Telephony

/// As which carrier the sandbox speaks: whose REST interface, webhooks, answers and media it has. A value; what a call
/// goes through is the same with all of them.
package protocol SandboxDialect: Sendable {
    /// An id for a new call.
    func makeID() -> String

    /// The REST interface.
    func respond(to request: HTTPRequest, at desk: SandboxDesk) -> HTTPResponse

    /// Where news of that kind go, if they go anywhere.
    func address(of news: SandboxNews, _ order: SandboxOrder) -> String?

    /// A webhook, with its signature.
    ///
    /// - Parameter sequence: counts the news of a call from 0.
    func webhook(_ news: SandboxNews, of call: SandboxCall, to url: String, sequence: Int, _ access: SandboxAccess)
        -> SandboxWebhook

    /// What an answer to a webhook wants to be done, one after the other; strict: what the real carrier would reject or
    /// ignore is a fault.
    func instructions(in answer: [UInt8]) -> [SandboxInstruction]

    /// Its side of a media stream.
    func media(_ start: MediaStart) -> any CarrierMedia
}

/// Who the sandbox lets in, and signs as.
package struct SandboxAccess: Sendable {
    package var account: String
    package var secret: String

    package init(account: String, secret: String) {
        self.account = account
        self.secret = secret
    }
}

/// What a REST interface does with the carrier's books.
package struct SandboxDesk: Sendable {
    /// What becomes of a request to place a call.
    package enum Placement: Sendable {
        case placed(SandboxCall)
        case refused(status: Int)
        /// It is placed, but the answer says that something went wrong.
        case answerLost
    }

    package let access: SandboxAccess
    /// Whether a request shall be refused whatever is in it; counted.
    let begin: @Sendable () -> Int
    let refusal: @Sendable (_ number: Int) -> Int?
    let place: @Sendable (_ number: Int, SandboxOrder) -> Placement
    /// The newest first.
    let calls: @Sendable () -> [SandboxCall]
    /// Whether there was something to end.
    let end: @Sendable (_ id: String) -> Bool

    func call(_ id: String) -> SandboxCall? { calls().first { $0.id == id } }

    /// Takes a request to place a call.
    func take(_ order: () throws(SandboxOrder.Fault) -> SandboxOrder) throws(SandboxOrder.Fault) -> Placement {
        let number = begin()
        if let status = refusal(number) { return .refused(status: status) }
        return place(number, try order())
    }
}

/// What a carrier asks or tells about a call.
package enum SandboxNews: Sendable, Equatable {
    case initiated, ringing, answered
    case ended(CarrierCall.Status, sipCode: Int?, seconds: Int)
    /// Somebody answered, or somebody calls: what now?
    case asked
    /// Who answered, in Twilio's words.
    case machine(String)
    /// The stream is closed: what now?
    case afterStream
    /// The webhook at this address could not be reached with these news, or gave no answer to follow: what now?
    indirect case unreached(String, SandboxNews)
    /// Dialling for the caller is over: what now?
    case dialled(CarrierCall.Status)
    /// The caller was to press a key, and has pressed this one, or none: what now?
    case pressed(String)
}

/// A request that the carrier makes.
package struct SandboxWebhook: Sendable {
    var headers: [(String, String)]
    var body: [UInt8]
}

/// A step of an answer to a webhook.
package enum SandboxInstruction: Sendable, Equatable {
    /// - Parameter action: asked what to do once the stream is closed; nil goes on with the next step.
    case stream(url: String, action: String?, parameters: [String: String])
    /// - Parameter action: asked what to do when that is over; nil goes on with the next step.
    case dial(String, action: String?)
    case redirect(String)
    /// Spoken in the carrier's own voice; goes on with the next step.
    case say(String)
    /// Waits for one key.
    ///
    /// - Parameters:
    ///   - says: first, one after the other; a key may come before its end.
    ///   - seconds: from its end.
    ///   - action: asked what to do with the key.
    ///   - asksWithoutKey: whether it is asked also where none comes; else the next step is next.
    case gather(says: [String], seconds: Int, action: String, asksWithoutKey: Bool)
    case reject
    case hangUp
    case fault(String)
}
