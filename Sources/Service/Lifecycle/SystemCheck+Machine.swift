import AudioDevices
import Foundation
import Logging
import Networking

/// What the machine gives: disk, time, ports and, for `parley mic`, a microphone.
extension SystemCheck {
    /// Where the values of a configuration were given, by dotted key.
    package typealias Origins = [String: ConfigurationOrigin]

    /// - Parameters:
    ///   - began: what the clocks said a while ago.
    ///   - microphone: ALSA's name of the one to be opened; nil opens none.
    static func machine(
        _ configuration: ParleyConfiguration, since began: ClockMoment, microphone: String?, origins: Origins
    ) async -> [Finding] {
        var findings = disk(DiskPlace.all(configuration), origins)
        findings += [await clock(configuration, since: began)]
        findings += await ports(configuration, origins)
        if let microphone { findings.append(look(atMicrophone: microphone)) }
        return findings
    }

    /// What both clocks said at one moment.
    struct ClockMoment: Sendable {
        let wall: Date
        let steady: ContinuousClock.Instant

        static var now: ClockMoment { ClockMoment(wall: Date(), steady: .now) }

        /// By how much the clock of the wall went on more than the steady one since then.
        func jump(until later: ClockMoment) -> TimeInterval {
            later.wall.timeIntervalSince(wall) - (later.steady - steady) / .seconds(1)
        }
    }

    static func disk(_ places: [DiskPlace], _ origins: Origins) -> [Finding] {
        places.map { place in
            let subject = "disk of \(place.keys.joined(separator: ", "))"
            guard let fault = place.fault else { return Finding(subject: subject, isOK: true, detail: place.summary) }
            return Finding(subject: subject, isOK: false, detail: prefixed(fault, place.keys[0], origins))
        }
    }

    private static func clock(_ configuration: ParleyConfiguration, since began: ClockMoment) async -> Finding {
        let other = await otherClock(configuration)
        let now = ClockMoment.now
        let reading = ClockReading(
            now: now.wall, jump: began.jump(until: now), zones: ClockReading.zones(), other: other)
        return Finding(subject: "clock", isOK: reading.fault == nil, detail: reading.fault ?? reading.summary)
    }

    /// The first provider that answers, in the order of their names. What is asked does not matter: refusals are dated, too.
    private static func otherClock(_ configuration: ParleyConfiguration) async -> ClockReading.Other? {
        guard !configuration.providers.isEmpty else { return nil }
        let client = HTTPClient(logger: Logger(label: "parley.check"))
        var found: ClockReading.Other?
        for (_, provider) in configuration.providers.sorted(by: { $0.key < $1.key }).prefix(3) {
            found = await ask(provider.baseURL, client)
            if found != nil { break }
        }
        await client.shutdown()
        return found
    }

    private static func ask(_ address: String, _ client: HTTPClient) async -> ClockReading.Other? {
        guard var parts = URLComponents(string: address), let host = parts.host else { return nil }
        switch parts.scheme {
        case "ws": parts.scheme = "http"
        case "wss": parts.scheme = "https"
        default: break
        }
        parts.path = "/"
        parts.query = nil
        guard let url = parts.string else { return nil }
        let limit = Duration.seconds(4)
        let sent = Date()
        do throws(NetworkError) {
            let response = try await client.send(
                HTTPClientRequest(
                    method: "HEAD", url: url,
                    deadlines: .init(connect: limit, firstByte: limit, betweenChunks: limit, total: limit)))
            let received = Date()
            guard let date = response[header: "date"].flatMap(HTTPDate.parse) else { return nil }
            // An answer out of a cache on the way keeps the date it was made with, and says how long it lay there.
            let age = response[header: "age"].map { Int($0) ?? -1 } ?? 0
            guard (0...86_400).contains(age) else { return nil }
            let journey = received.timeIntervalSince(sent)
            // The header was written somewhere on the way, and its fraction of a second is cut off.
            let ahead = sent.addingTimeInterval(journey / 2).timeIntervalSince(date) - Double(age) - 0.5
            return ClockReading.Other(host: host, ahead: ahead, uncertainty: abs(journey) / 2 + 0.5)
        } catch { return nil }
    }

    private static func ports(_ configuration: ParleyConfiguration, _ origins: Origins) async -> [Finding] {
        var findings: [Finding] = []
        let wanted = [
            ("public", configuration.public.host, configuration.public.port),
            ("private", configuration.private.host, configuration.private.port),
        ]
        for (plane, host, port) in wanted where port != 0 {
            let outcome: PortProbe.Outcome
            do throws(NetworkError) {
                outcome = try await PortProbe.look(host: ListenerConfiguration.numericHost(host), port: port)
            } catch { outcome = .failed("\(error)") }
            let holder = outcome == .taken ? PortHolder.find(port: port) : nil
            findings.append(self.port(plane, host, port, outcome, holder, origins))
        }
        return findings
    }

    /// What an outcome means for a plane.
    static func port(
        _ plane: String, _ host: String, _ port: Int, _ outcome: PortProbe.Outcome, _ holder: PortHolder?,
        _ origins: Origins
    ) -> Finding {
        let subject = "port of \(plane)"
        let place = "\(host), port \(port)"
        func fault(_ detail: String, _ key: String) -> Finding {
            Finding(subject: subject, isOK: false, detail: prefixed(detail, "\(plane).\(key)", origins))
        }
        switch outcome {
        case .free: return Finding(subject: subject, isOK: true, detail: "\(place) is free")
        case .taken:
            guard let holder else {
                return fault(
                    "\(place) is taken by another user's process (`ss -ltnp` as root names it); stop it, or set "
                        + "\(plane).port", "port")
            }
            guard !holder.isParley else {
                return Finding(
                    subject: subject, isOK: true,
                    detail: "\(place) is served by parley already (process \(holder.id))")
            }
            return fault(
                "\(place) is taken by \(holder.name) (process \(holder.id)); stop it, or set \(plane).port", "port")
        case .forbidden:
            return fault(
                "\(place) may not be taken by this user; set \(plane).port to 1024 or more, or give the service "
                    + "CAP_NET_BIND_SERVICE", "port")
        case .notOurs:
            return fault("no interface of this machine has the address \(host); set \(plane).host", "host")
        case .failed(let reason): return fault("\(place): \(reason)", "host")
        }
    }

    private static func look(atMicrophone device: String) -> Finding {
        do throws(DeviceError) {
            let report = try MicrophoneProbe.open(device)
            return Finding(
                subject: "microphone", isOK: true,
                detail: "\"\(device)\" can be opened: \(report.rate) Hz, \(report.channels) channels")
        } catch {
            let microphones = AudioDevice.all().filter { $0.directions.contains(.capture) }.map(\.name)
            let advice =
                microphones.isEmpty
                ? "ALSA knows no microphone on this machine" : "there is \(microphones.joined(separator: ", "))"
            return Finding(subject: "microphone", isOK: false, detail: "\(error); \(advice)")
        }
    }

    /// With file and line in front, where somebody wrote the value there.
    private static func prefixed(_ detail: String, _ key: String, _ origins: Origins) -> String {
        switch origins[key] {
        case nil, .standard: "\(key): \(detail)"
        case .some(let origin): "\(origin): \(key): \(detail)"
        }
    }
}

extension ClockReading {
    /// What this machine says of zones with and without summer time on either side of the world.
    static func zones() -> [Zone] {
        // 15 January and 15 July 2025, noon.
        let days = [1_736_942_400.0, 1_752_580_800.0].map { Date(timeIntervalSince1970: $0) }
        return [
            ("Europe/Berlin", [3600, 7200]), ("America/New_York", [-18_000, -14_400]),
            ("Asia/Kolkata", [19_800, 19_800]),
        ].map { name, expected in
            let zone = TimeZone(identifier: name)
            return Zone(name: name, offsets: zone.map { zone in days.map(zone.secondsFromGMT) }, expected: expected)
        }
    }
}
