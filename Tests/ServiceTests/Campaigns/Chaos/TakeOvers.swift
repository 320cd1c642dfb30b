import Foundation

@testable import Service

/// How long nobody dialled after the node that dialled was killed while another one was alive.
///
/// It is the time from the kill to the first intent of a call that is stored after it: an intent takes its contact, and only
/// who holds the dialler's lock stores any. Whose it is tells the place to which the carrier was asked to turn. So it
/// includes the wait for the lock, the look at what was left behind and the first decision.
struct TakeOvers: Sendable {
    /// A call that a node meant to place.
    struct Intent: Sendable {
        let at: Date
        /// Of the node; nil where the carrier has no such call.
        let port: Int?
    }

    struct TakeOver: Sendable, Equatable {
        let seconds: Double
        /// Another node dialled on, and not the killed one's next process.
        let isByAnother: Bool
        /// Another node waited from well before the kill until somebody dialled on; else all others were just being started,
        /// or were killed meanwhile.
        let stoodBy: Bool
    }

    /// So long after its start a node surely waits for the lock.
    private static let starting: TimeInterval = 2

    private(set) var all: [TakeOver] = []

    /// - Parameters:
    ///   - lives: of all nodes.
    ///   - intents: of all attempts, in any order.
    ///   - outages: when the database server was away; take-overs in the midst of one say nothing of the nodes.
    ///   - rest: how many intents must come after a kill, so that there was somebody to call at once.
    init(of lives: [NodeStory.Life], intents: [Intent], outages: [DateInterval], rest: Int) {
        let intents = intents.sorted { $0.at < $1.at }
        for life in lives {
            guard let killed = life.killed, let next = intents.firstIndex(where: { $0.at > life.gone }),
                intents.count - next >= rest,
                let last = intents[..<next].last(where: { $0.port != nil }), last.port == life.port,
                last.at >= life.began
            else { continue }
            let taken = intents[next].at
            let others = lives.filter { $0.port != life.port && $0.began < killed && $0.gone > killed }
            guard !others.isEmpty, !outages.contains(where: { $0.start <= taken && $0.end >= last.at }) else {
                continue
            }
            let taker = intents[next...].first { $0.port != nil }?.port
            all.append(
                TakeOver(
                    seconds: taken.timeIntervalSince(killed), isByAnother: taker != nil && taker != life.port,
                    stoodBy: others.contains { $0.began <= killed - Self.starting && $0.gone > taken }))
        }
    }

    var worst: Double? { all.map(\.seconds).max() }

    /// For the line of figures.
    var summary: String {
        func figures(_ part: [TakeOver]) -> String {
            let seconds = part.map(\.seconds)
            guard let median = RankStatistic.quantile(seconds, 0.5), let worst = seconds.max() else { return "0" }
            let byAnother = part.count(where: \.isByAnother)
            return String(
                format: "%d (%d by another node), median %.2f s, worst %.2f s", part.count, byAnother, median, worst)
        }
        return "take-overs with another node standing by: \(figures(all.filter(\.stoodBy))); "
            + "with all others just started or killed too: \(figures(all.filter { !$0.stoodBy }))"
    }
}
