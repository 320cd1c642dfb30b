/// The kinds of metric in the exposition format.
package enum PrometheusKind: String, Sendable {
    case counter
    case gauge
    case histogram
}
