import Agent
import Foundation
import Hummingbird
import Store

/// What calls come to in numbers.
extension OperatorAPI {
    var analyticsRoutes: [APIRoute] {
        [APIRoute(.get, "/analytics", analytics)]
    }

    private func analytics(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = request.query
        let zoneName = try query.text("zone", upTo: 64) ?? "UTC"
        guard let zone = TimeZone(identifier: zoneName) else {
            throw Problem.unprocessable("\"zone\" must be the name of a time zone, such as \"Europe/Berlin\".")
        }
        let bucket = try query.word("bucket", as: AnalyticsCalendar.Bucket.self) ?? .day
        let before = try query.moment("before") ?? now()
        let since = try query.moment("since") ?? before - 7 * 86_400
        guard let calendar = AnalyticsCalendar(since: since, before: before, bucket: bucket, zone: zone) else {
            throw Problem.unprocessable(
                "\"since\" must be before \"before\", and no more than \(AnalyticsCalendar.longest) \(bucket.rawValue)s."
            )
        }
        let analytics = try await store.analytics(of: try query.callFilter(), over: calendar)
        return .json(AnalyticsView(analytics, calendar, zone: zoneName, bucket: bucket))
    }
}

extension Query {
    /// The parameters by which calls are picked; the list of calls and what is counted of them take the same.
    func callFilter() throws -> CallFilter {
        var filter = CallFilter(
            agent: try text("agent"), direction: try word("direction", as: CallRecord.Direction.self),
            outcome: try text("outcome"), since: try moment("since"), before: try moment("before"),
            hasEnded: try flag("ended"), text: try text("text"))
        filter.version = try text("version")
        filter.number = try text("number")
        filter.language = try text("language", upTo: 16)
        filter.campaign = try text("campaign")
        filter.attempt = try text("attempt")
        filter.resolution = try word("resolution", as: CallResolution.self)
        filter.endReason = try text("endReason")
        filter.at = try moment("at")
        filter.slower = try integer("slower", in: 0...3_600_000).map { $0 * 1000 }
        filter.endedSince = try moment("endedSince")
        filter.faults = try faults("faults")
        filter.yieldSlower = try integer("yieldSlower", in: 0...3_600_000)
        filter.longer = try integer("longer", in: 0...1_000_000)
        filter.isOwn = try flag("own")
        filter.currency = try text("currency", upTo: 16)
        filter.feature = try word("feature", as: CallFeature.self)
        filter.scoreBelow = try integer("scoreBelow", in: 0...101)
        filter.scoreAtLeast = try integer("scoreAtLeast", in: 0...100)
        filter.card = try text("card")
        filter.criterion = try text("criterion")
        filter.standing = try word("standing", as: ScorecardVerdict.Standing.self)?.rawValue
        filter.isJudged = try flag("judged")
        filter.disposition = try text("disposition")
        filter.summary = try text("summary")
        return filter
    }

    /// `dead_air:1,reasks:3`: what may go wrong on a call, each with how often at least.
    private func faults(_ name: String) throws -> [String: Int]? {
        guard let value = try text(name) else { return nil }
        var faults: [String: Int] = [:]
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, let fault = CallFault(rawValue: String(pair[0])), let least = Int(pair[1]),
                (1...9999).contains(least)
            else {
                let words = CallFault.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
                throw Problem.invalid(
                    "\"\(name)\" must be faults with how often each, such as \"dead_air:1,reasks:3\"; there are \(words)."
                )
            }
            faults[fault.rawValue] = min(faults[fault.rawValue] ?? least, least)
        }
        return faults
    }
}
