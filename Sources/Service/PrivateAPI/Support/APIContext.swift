import Foundation
import Hummingbird

/// What is known about one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks; nil when nobody said.
    var identity: Identity?
    /// The body, where the operation takes one that is kept in no memory; see ``UploadDesk``.
    var upload: ReceivedUpload?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }

    var responseEncoder: JSONEncoder { APIJSON.encoder }
}
