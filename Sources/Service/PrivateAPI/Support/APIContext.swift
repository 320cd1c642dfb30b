import Foundation
import Hummingbird
import NIOCore

/// What is known about one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks; nil when nobody said.
    var identity: Identity?
    /// The body, where the operation takes one that is kept in no memory; see ``UploadDesk``.
    var upload: ReceivedUpload?
    /// What the audit log is to tell of it besides its address.
    let act = ActDetail()

    /// The address of the other end of the connection: the caller, or a proxy in front of us; nil when it is gone.
    let address: String?

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress
    }

    var responseEncoder: JSONEncoder { APIJSON.encoder }
}
