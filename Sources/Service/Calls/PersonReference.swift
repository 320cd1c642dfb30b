import Networking
import Telephony

/// Whose call a carrier's webhook about a person is, as its address says.
struct PersonReference: Sendable, Equatable {
    /// The ends of the paths that a carrier asks at, below its name.
    enum Path: String {
        case answer = "person"
        case status = "person-status"
    }

    let person: String
    /// The node that called them, and whose caller waits; nil where nodes have no names.
    let node: String?

    init(person: String, node: String?) {
        self.person = person
        self.node = node
    }

    /// Nil where the address names nobody.
    init?(_ request: HTTPRequest) {
        guard let query = try? FormBody(decoding: Array(request.query.utf8)), let person = query["person"],
            !person.isEmpty
        else { return nil }
        self.init(person: person, node: query["node"])
    }

    /// The address that a carrier is given.
    ///
    /// - Parameter base: the public one, without a slash at the end.
    func address(_ path: Path, below base: String, of carrier: String) -> String {
        var fields = [FormBody.Field("person", person)]
        if let node { fields.append(FormBody.Field("node", node)) }
        return "\(base)/\(carrier)/\(path.rawValue)?" + String(decoding: FormBody(fields).encoded(), as: UTF8.self)
    }
}

/// What a carrier tells of a person's call.
struct PersonNews: Sendable, Equatable {
    let reference: PersonReference
    /// Who tells.
    let carrier: String
    /// By which it ends the call.
    let carrierCall: String
    let status: CarrierCall.Status
    /// Whom the leg called that this is about, from carriers of whose calls several legs tell; nil from others.
    var to: String?
}
