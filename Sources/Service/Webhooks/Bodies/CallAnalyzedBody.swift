import Agent
import Store

/// What is told when a call is written down.
struct CallAnalyzedBody: Encodable {
    let call: CallBody
    let disposition: String?
    /// Only where the endpoint is open, as what follows.
    let summary: String?
    let values: [String: JSONValue]?
    /// Required values that were not found.
    let missing: [String]
    /// Absent where the agent has nothing written down any more.
    let source: AfterCallRecord.Source?

    init(_ record: AnalysisRecord, of call: CallRecord, isOpen: Bool) {
        let found = record.found
        self.call = CallBody(call, isOpen: isOpen)
        disposition = record.disposition
        summary = isOpen ? found?.summary : nil
        values = isOpen ? found?.values : nil
        missing = found?.missing ?? []
        source = found?.source
    }
}
