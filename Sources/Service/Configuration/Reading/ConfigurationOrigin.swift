/// Where a value came from.
package enum ConfigurationOrigin: Sendable, Equatable, CustomStringConvertible {
    case standard
    /// Line and column from 1.
    case file(String, line: Int, column: Int)
    /// An environment variable.
    case variable(String)
    /// An option of the command line.
    case option(String)

    package var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .variable(let name): "environment variable \(name)"
        case .option(let name): "option \(name)"
        }
    }
}
