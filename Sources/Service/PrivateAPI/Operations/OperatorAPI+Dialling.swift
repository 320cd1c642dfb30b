import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Placing a call: a campaign of one contact, on the path of `parley dial`.
extension OperatorAPI {
    /// How long the runner may take to begin the call: it looks four times a second.
    private static let patience = Duration.seconds(5)

    var dialRoutes: [APIRoute] {
        [
            APIRoute(.post, "/calls", scope: .operator, place),
            APIRoute(.get, "/dials/{id}") { _, context in
                let id = try context.parameters.require("id")
                guard let attempt = try await store.attempt(id: id) else {
                    throw Problem.notFound("There is no call that was placed with this id.")
                }
                return .json(DialView(attempt))
            },
        ]
    }

    private struct DialWish: Decodable {
        let number: String
        let agent: String
        let from: String
        let seller: String
        let consentSource: String
        let consent: ConsentRecord.Kind?
        let purpose: CallPurpose?
        let variables: [String: String]?
        let country: String?
    }

    private func place(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(DialWish.self)
        let office = try office()
        try await mayPlace()
        for (name, text) in [
            ("number", wish.number), ("agent", wish.agent), ("from", wish.from), ("seller", wish.seller),
            ("consentSource", wish.consentSource),
        ] where !(1...200).contains(text.count) {
            throw Problem.invalid("\"\(name)\" must have 1 to 200 characters.")
        }
        let dial = SingleDial(office: office)
        let beginning: SingleDial.Beginning
        do {
            beginning = try await dial.begin(
                SingleDial.Request(
                    number: wish.number, agent: wish.agent, callerID: wish.from, seller: wish.seller,
                    purpose: wish.purpose ?? .informational, consent: wish.consent ?? .express,
                    consentSource: wish.consentSource, variables: wish.variables ?? [:], country: wish.country ?? "US"))
        } catch let error as CampaignError { throw Problem(error) }
        switch beginning {
        case .refused(_, _, let decision): throw Problem(refusal: decision)
        case .begun(let campaign, let contact):
            let attempt = try await attempt(contact, of: campaign, at: office)
            note("place a call", callID: attempt.id, context: context)
            context.act.tell("dial", attempt.id)
            context.act.tell("agent", attempt.agent)
            var response = Response.json(DialView(attempt), status: .accepted)
            response.headers[.location] = "\(ProblemMiddleware.prefix)/dials/\(attempt.id)"
            return response
        }
    }

    /// Whether this service places calls now.
    private func mayPlace() async throws {
        guard CallPlacing.isPossible(configuration) else {
            var wanted = CallingAccount.missing(in: configuration)
            if !configuration.campaigns.isCalling { wanted.insert("campaigns.calling", at: 0) }
            let keys = wanted.map { "\"\($0)\"" }.joined(separator: ", ")
            throw Problem.conflict("This service places no calls: it takes \(keys).")
        }
        guard await readiness.report().isReady else {
            throw Problem.unavailable("The service is not ready; GET /readyz says what it waits for.")
        }
    }

    /// Waits until the runner has begun. What it does not begin soon is called off, so that nobody is called hours later
    /// by surprise.
    private func attempt(
        _ contact: ContactRecord, of campaign: String, at office: CampaignOffice
    ) async throws -> AttemptRecord {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, !Task.isCancelled {
            if let attempt = try? await store.attempts(contact: contact.id).last { return attempt }
            try? await Task.sleep(for: .milliseconds(20))
        }
        _ = try? await office.pause(campaign, reason: "no line was free in time")
        // It may have begun in between.
        if let attempt = try await store.attempts(contact: contact.id).last { return attempt }
        throw Problem.unavailable(
            "No line was free within \(Self.patience); the call was called off. Try again when others have ended.")
    }
}

extension Problem {
    /// What an operator asked of a campaign and cannot have.
    init(_ error: CampaignError) {
        switch error.code {
        case .notFound: self = .notFound("\(error)")
        case .badFile, .badDefinition: self = .invalid("\(error)")
        case .wrongState: self = .conflict("\(error)")
        }
    }

    /// The gate's no.
    fileprivate init(refusal: GateDecision) {
        let rule = refusal.rule?.rawValue ?? "gate"
        let found = refusal.checks.last { $0.rule == refusal.rule }?.detail ?? ""
        switch refusal.verdict {
        case .wait(let moment):
            self.init(
                status: .conflict, code: "not_now",
                detail:
                    "This number must not be called before \(moment.ISO8601Format()), by the rule \"\(rule)\": \(found)."
            )
        case .never, .dial:
            self.init(
                status: .conflict, code: "must_not_call",
                detail: "This number must not be called, by the rule \"\(rule)\": \(found).")
        }
    }
}

/// A call that was placed, from the wish to its end.
private struct DialView: Encodable {
    /// Of the call too, once it is answered.
    let id: String
    let number: String
    let from: String
    let agent: String
    let state: AttemptRecord.State
    /// Whether somebody answered, so that `GET /calls/{id}` tells of it.
    let isAnswered: Bool
    let carrierCallID: String?
    let outcome: String?
    let detail: String?

    init(_ attempt: AttemptRecord) {
        id = attempt.id
        number = attempt.number
        from = attempt.callerID
        agent = attempt.agent
        state = attempt.state
        isAnswered = attempt.callID != nil
        carrierCallID = attempt.carrierCallID
        outcome = attempt.outcome
        detail = attempt.detail
    }
}
