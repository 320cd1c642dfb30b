import Foundation
import HTTPTypes
import Hummingbird
import Store

/// What a request wants of a list.
struct PageWish: Sendable {
    let limit: Int
    let after: ListCursor?

    /// With one more than is shown, which tells whether a page follows.
    var asked: Int { limit + 1 }
}

/// A part of a list, as one request gets it.
struct ListPage<Record: Sendable>: Sendable {
    let records: [Record]
    /// For `after`; nil on the last page.
    let next: String?

    /// - Parameter found: as many as ``PageWish/asked``, where there are so many.
    init(_ found: [Record], _ wish: PageWish, place: (Record) -> ListCursor) {
        records = Array(found.prefix(wish.limit))
        next = found.count > wish.limit ? records.last.map { place($0).description } : nil
    }
}

extension Query {
    /// - Parameter usual: how many where nothing is said.
    func page(usual: Int = 100) throws -> PageWish {
        let limit = try integer("limit", in: 1...1000) ?? usual
        guard let text = request.uri.queryParameters.get("after") else { return PageWish(limit: limit, after: nil) }
        guard let cursor = ListCursor(text) else {
            throw Problem.invalid("\"after\" must be the \"next\" of the page before.")
        }
        return PageWish(limit: limit, after: cursor)
    }
}
