import Foundation

/// `ExportTraceServiceRequest` in the JSON of OTLP 1: ids in hexadecimal, 64-bit integers as texts, enumerations as numbers.
struct OTLPBody: Encodable {
    private let resourceSpans: [ResourceSpans]

    init(_ spans: [TraceSpan], of resource: [String: TraceSpan.Value], version: String) {
        resourceSpans =
            spans.isEmpty
            ? []
            : [
                ResourceSpans(
                    resource: Resource(attributes: Self.attributes(resource)),
                    scopeSpans: [
                        ScopeSpans(
                            scope: Scope(name: "parley", version: version), spans: spans.map(SpanBody.init),
                            schemaUrl: Self.schema)
                    ], schemaUrl: Self.schema)
            ]
    }

    /// The semantic conventions whose names are used: those that `check_traces.py` compares with.
    static let schema = "https://opentelemetry.io/schemas/1.44.0"

    func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }

    fileprivate static func attributes(_ values: [String: TraceSpan.Value]) -> [Attribute] {
        values.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: AnyValue($0.value)) }
    }

    fileprivate static func nanoseconds(_ date: Date) -> String {
        // To the microsecond: a double of nanoseconds since 1970 is no finer.
        String(UInt64(max(date.timeIntervalSince1970, 0) * 1_000_000) * 1000)
    }

    private struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
        let schemaUrl: String
    }

    private struct Resource: Encodable {
        let attributes: [Attribute]
    }

    private struct ScopeSpans: Encodable {
        let scope: Scope
        let spans: [SpanBody]
        let schemaUrl: String
    }

    private struct Scope: Encodable {
        let name: String
        let version: String
    }

    fileprivate struct Attribute: Encodable {
        let key: String
        let value: AnyValue
    }

    fileprivate struct AnyValue: Encodable {
        private struct Texts: Encodable {
            let values: [AnyValue]
        }

        private var stringValue: String?
        private var intValue: String?
        private var doubleValue: Double?
        private var boolValue: Bool?
        private var arrayValue: Texts?

        init(_ value: TraceSpan.Value) {
            switch value {
            case .text(let text): stringValue = text
            case .integer(let number): intValue = "\(number)"
            case .number(let number): doubleValue = number.isFinite ? number : 0
            case .boolean(let boolean): boolValue = boolean
            case .texts(let texts): arrayValue = Texts(values: texts.map { AnyValue(.text($0)) })
            }
        }
    }

    private struct SpanBody: Encodable {
        private struct EventBody: Encodable {
            let timeUnixNano: String
            let name: String
            let attributes: [Attribute]
        }

        private struct Status: Encodable {
            let code: Int
        }

        private let traceId, spanId: String
        private let parentSpanId: String?
        private let name: String
        private let kind: Int
        private let startTimeUnixNano, endTimeUnixNano: String
        private let attributes: [Attribute]
        private let events: [EventBody]
        private let droppedEventsCount: Int
        private let status: Status?

        init(_ span: TraceSpan) {
            (traceId, spanId, parentSpanId) = (span.traceID, span.id, span.parent)
            (name, kind) = (span.name, span.kind.rawValue)
            startTimeUnixNano = OTLPBody.nanoseconds(span.start)
            endTimeUnixNano = OTLPBody.nanoseconds(max(span.start, span.end))
            attributes = OTLPBody.attributes(span.attributes)
            events = span.events.map {
                EventBody(
                    timeUnixNano: OTLPBody.nanoseconds($0.at), name: $0.name,
                    attributes: OTLPBody.attributes($0.attributes))
            }
            droppedEventsCount = span.droppedEvents
            status = span.hasFailed ? Status(code: 2) : nil
        }
    }
}
