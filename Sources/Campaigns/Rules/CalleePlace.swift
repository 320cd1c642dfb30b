package import Foundation

/// Everywhere a callee may be.
package struct CalleePlace: Sendable, Equatable {
    /// All candidates; empty when nothing is known.
    package var timeZones: [TimeZone]
    /// `US`, `US-FL` …: every one whose rules must be kept.
    package var regions: [String]

    /// Puts together what the number and the address on file say.
    ///
    /// - Parameters:
    ///   - country: of the number, ISO 3166-1.
    ///   - state: of the address, two letters; empty when unknown.
    ///   - timeZone: of the address.
    package init(e164: String, country: String, state: String, timeZone: TimeZone?, zones: NumberZones) {
        let place = zones.place(of: e164)
        var found: [String: TimeZone] = [:]
        for zone in (place?.timeZones ?? []) + zones.timeZones(ofState: state) + [timeZone].compactMap({ $0 }) {
            found[zone.identifier] = zone
        }
        // Of a number that nothing is known of, an address alone is no proof of where it rings.
        timeZones = place == nil ? [] : found.sorted { $0.key < $1.key }.map(\.value)
        var states = Set(place?.states ?? [])
        if !state.isEmpty { states.insert(state) }
        regions = [country] + (country == "US" ? states.sorted().map { "US-\($0)" } : [])
    }
}
