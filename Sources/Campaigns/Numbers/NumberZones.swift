package import Foundation

/// Where a number may ring, by its prefix: all time zones and states of the United States that share it.
///
/// The prefix is evidence and no proof, as mobile numbers move with their owners. So every candidate counts.
package struct NumberZones: Sendable {
    package struct Place: Sendable, Equatable {
        /// IANA names, in alphabetical order; never empty.
        package var timeZones: [TimeZone]
        /// States of the United States, two letters.
        package var states: [String]
    }

    private let places: [String: Place]
    private let longest: Int
    private let zonesOfStates: [String: [TimeZone]]

    /// Reads the table `prefix,regions,time_zones`; several regions or zones of a row are separated by spaces.
    ///
    /// - Parameter file: for messages.
    package init(csv bytes: [UInt8], file: String) throws(CampaignError) {
        var places: [String: Place] = [:]
        for row in try CSVTable(bytes, file: file, columns: ["prefix", "regions", "time_zones"]).rows {
            let prefix = row["prefix"]
            guard !prefix.isEmpty, prefix.allSatisfy({ $0.isASCII && $0.isNumber }) else {
                throw CampaignError(.badFile, "\(file):\(row.line)", "`\(prefix)` is no prefix; write its digits")
            }
            var zones: [TimeZone] = []
            for name in row["time_zones"].split(separator: " ") {
                guard let zone = TimeZone(identifier: String(name)) else {
                    throw CampaignError(.badFile, "\(file):\(row.line)", "there is no time zone `\(name)`")
                }
                zones.append(zone)
            }
            guard !zones.isEmpty else {
                throw CampaignError(.badFile, "\(file):\(row.line)", "the row has no time zone")
            }
            places[prefix] = Place(timeZones: zones, states: row["regions"].split(separator: " ").map(String.init))
        }
        self.places = places
        longest = places.keys.map(\.count).max() ?? 0
        var zones: [String: [String: TimeZone]] = [:]
        // A prefix that reaches into a neighbour would add the neighbour's zones: an address is more precise.
        for place in places.values where place.states.count == 1 {
            for zone in place.timeZones { zones[place.states[0], default: [:]][zone.identifier] = zone }
        }
        zonesOfStates = zones.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Where an E.164 number may ring; nil when nothing is known, such as for toll-free numbers.
    package func place(of e164: String) -> Place? {
        let digits = e164.dropFirst()
        for length in stride(from: min(longest, digits.count), to: 0, by: -1) {
            if let place = places[String(digits.prefix(length))] { return place }
        }
        return nil
    }

    /// All time zones of the numbers of a state; empty when there is no such state.
    package func timeZones(ofState state: String) -> [TimeZone] { zonesOfStates[state] ?? [] }
}
