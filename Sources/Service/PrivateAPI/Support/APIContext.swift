import Foundation
import Hummingbird

/// What is known about one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks; nil when nobody said.
    var identity: Identity?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }

    var responseEncoder: JSONEncoder { APIJSON.encoder }
}
