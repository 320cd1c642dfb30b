import ArgumentParser

/// Which of the recorded callers a command plays.
enum FixtureSplit: String, ExpressibleByArgument, CaseIterable {
    case tune
    case held
    case all

    /// As the manifest names it; nil for all.
    var name: String? { self == .all ? nil : rawValue }

    /// The manifest's names of what it takes.
    var names: [String] { name.map { [$0] } ?? [Self.tune.rawValue, Self.held.rawValue] }
}
