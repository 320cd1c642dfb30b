import Foundation

/// A load's report as one HTML file: figures and plots, nothing loaded from anywhere.
package enum LoadPage {
    private static let width = 760.0
    private static let height = 240.0

    /// - Parameter runs: in the order in which they were run.
    package static func html(_ runs: [LoadReport], url: String, agent: String) -> String {
        let rows = runs.map { run in
            "<tr><td>\(run.calls)</td><td>\(run.lost)</td><td>\(run.responses)</td><td>\(Int(run.responseP50))</td>"
                + "<td>\(Int(run.responseP95))</td><td>\(Int(run.responseP99))</td>"
                + "<td>\(run.bargeInStop.map { "\(Int($0.p50)) / \(Int($0.p99))" } ?? "–")</td>"
                + "<td>\(run.pacingError.map { "\(Int($0.p99))" } ?? "–")</td><td>\(run.gaps)</td>"
                + "<td>\(run.service.map { String(format: "%.0f", $0.callsPerCore) } ?? "–")</td>"
                + "<td>\(run.service.map { String(format: "%.1f", $0.memoryPerCall) } ?? "–")</td><td>\(run.missedBeats)</td></tr>"
        }
        let sections = runs.map { run in
            "<h2>\(run.calls) calls</h2>\n\(notes(run))\n\(scatter(run))\n\(distribution(run))"
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Load on \(escaped(agent))</title>
            <style>body{font:15px sans-serif;margin:2em;max-width:800px}table{border-collapse:collapse}
            td,th{padding:2px 12px;text-align:right;border-bottom:1px solid #ccc}svg{background:#fafafa;margin:6px 0}
            text{font:11px sans-serif;fill:#555}</style></head><body>
            <h1>Load on \(escaped(agent))</h1>
            <p>\(escaped(url)). Times in ms, as the callers heard them. Missed beats are the driver's own: more than a few
            spoil the figures.</p>
            <table><tr><th>calls</th><th>lost</th><th>answers</th><th>p50</th><th>p95</th><th>p99</th>
            <th>barge-in stop p50 / p99</th><th>pacing error p99</th><th>gaps</th><th>calls per core</th><th>MB per call</th>
            <th>missed beats</th></tr>
            \(rows.joined(separator: "\n"))</table>
            \(sections.joined(separator: "\n"))
            </body></html>

            """
    }

    /// What was lost, and the parts of an answer as the service counts them.
    private static func notes(_ run: LoadReport) -> String {
        let errors = run.errors.sorted { $0.key < $1.key }.map { "<li>\($0.value) × \(escaped($0.key))</li>" }
        let parts = (run.service?.parts ?? [:]).sorted { $0.key < $1.key }.map { name, part in
            "<tr><td>\(name)</td><td>\(Int(part.p50))</td><td>\(Int(part.p95))</td><td>\(Int(part.p99))</td></tr>"
        }
        let list = errors.isEmpty ? "" : "<ul>\(errors.joined())</ul>"
        guard !parts.isEmpty else { return list }
        return list
            + "<table><tr><th>part of an answer, up to</th><th>p50</th><th>p95</th><th>p99</th></tr>\(parts.joined())</table>"
    }

    /// Each answer at its moment.
    private static func scatter(_ run: LoadReport) -> String {
        let last = max(run.answers.map(\.at).max() ?? 1, 1)
        let slowest = max(run.answers.map(\.after).max() ?? 1, 1)
        let dots = run.answers.map { answer in
            let x = 50 + answer.at / last * (width - 70)
            let y = height - 30 - answer.after / slowest * (height - 50)
            return "<circle cx=\"\(Int(x))\" cy=\"\(Int(y))\" r=\"2\" fill=\"#2563a8\" fill-opacity=\"0.5\"/>"
        }
        return frame(
            dots.joined(), title: "time to the answer (ms) over the run (s)", right: "\(Int(last)) s",
            top: "\(Int(slowest))")
    }

    /// The share of answers that came within a time.
    private static func distribution(_ run: LoadReport) -> String {
        let sorted = run.answers.map(\.after).sorted()
        let slowest = max(sorted.last ?? 1, 1)
        let points = sorted.enumerated().map { index, value in
            let x = 50 + value / slowest * (width - 70)
            let y = height - 30 - Double(index + 1) / Double(sorted.count) * (height - 50)
            return "\(Int(x)),\(Int(y))"
        }
        return frame(
            "<polyline fill=\"none\" stroke=\"#2563a8\" stroke-width=\"2\" points=\"\(points.joined(separator: " "))\"/>",
            title: "share of answers within a time (ms)", right: "\(Int(slowest)) ms", top: "1")
    }

    private static func frame(_ content: String, title: String, right: String, top: String) -> String {
        let (bottom, end) = (Int(height - 30), Int(width - 20))
        return """
            <svg width="\(Int(width))" height="\(Int(height))" role="img" aria-label="\(title)">
            <line x1="50" y1="\(bottom)" x2="\(end)" y2="\(bottom)" stroke="#999"/>
            <line x1="50" y1="20" x2="50" y2="\(bottom)" stroke="#999"/>
            <text x="50" y="14">\(title)</text><text x="44" y="26" text-anchor="end">\(top)</text>
            <text x="44" y="\(bottom)" text-anchor="end">0</text>
            <text x="\(end)" y="\(bottom + 16)" text-anchor="end">\(right)</text>
            \(content)</svg>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
