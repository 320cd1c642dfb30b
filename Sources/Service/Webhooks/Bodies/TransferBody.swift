import Agent
import Foundation
import Store

/// What is told of a caller for whom a person is being called: a note for that person's screen.
struct TransferBody: Encodable {
    let callID: String
    let agent: String
    let destination: String?
    /// The caller's number.
    let from: String?
    /// Why they are handed on.
    let reason: String?
    /// What they said last.
    let said: [String]?

    init(_ act: ToolRecord, of call: CallRecord, isOpen: Bool) {
        callID = call.id
        agent = call.agent
        let arguments = try? JSONValue(parsing: act.arguments)
        destination = arguments?["destination"]?.string
        from = isOpen ? call.from : nil
        reason = isOpen ? arguments?["reason"]?.string : nil
        var said: [String]?
        if isOpen, case .array(let items)? = arguments?["said"] { said = items.compactMap(\.string) }
        self.said = said
    }
}
