import Foundation

/// What `parley simulate --json` printed, as far as it is compared.
package struct SimulationResult: Sendable, Decodable {
    package struct Case: Sendable, Decodable {
        package var name: String
        package var verdict: SimulationReport.Verdict
        package var faults: [String]
        package var timeline: CallTimeline
    }

    package var cases: [Case]

    /// - Throws: ``DemoError`` that names the file.
    package init(file: String) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw DemoError(
                reason:
                    "\(file) is no result of a simulation; make one with `parley simulate --json > \(file)`: \(error)")
        }
    }

    package init(cases: [Case]) { self.cases = cases }
}
