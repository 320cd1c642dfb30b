/// How well voice detectors hear when somebody speaks, and what they cost.
package struct VoiceReport: Sendable, Encodable {
    /// One detector under one condition of one split.
    package struct Line: Sendable, Encodable {
        package var detector: String
        package var split: String
        package var condition: String
        package var recordings = 0
        package var frames = 0
        /// Area under the ROC curve over all frames, 0...1.
        package var area: Double?
        /// From the first voiced sample to the report of a start, ms.
        package var onsetMedian: Double?
        package var onset95: Double?
        /// From the last voiced sample to the report of a stop, the hangover included, ms.
        package var offsetMedian: Double?
        package var offset95: Double?
        /// How much later than the truth edges are dated, ms; negative is earlier.
        package var onsetDatingMedian: Double?
        package var offsetDatingMedian: Double?
        /// Recordings whose speech, or whose end of speech, was not reported.
        package var missedOnsets = 0
        package var missedOffsets = 0
        /// Starts reported before anybody spoke.
        package var falseStarts = 0
        /// Recordings of coughs and other noises, and how many of them were taken for a voice.
        package var sounds = 0
        package var soundsTaken = 0
        /// Of the thread, for each 20 ms frame, one call alone.
        package var microsecondsPerFrame: Double?
    }

    /// What a frame costs when several calls share a loop.
    package struct Cost: Sendable, Encodable {
        package var detector: String
        package var calls: Int
        /// Of the thread, for each 20 ms frame of each call.
        package var microsecondsPerFrame: Double
    }

    package var lines: [Line] = []
    package var costs: [Cost] = []
    /// Why a detector is not in the table.
    package var absent: String?
}

extension VoiceReport {
    package var text: String {
        func number(_ value: Double?, _ digits: Int = 0) -> String {
            guard let value else { return "-" }
            var scale = 1.0
            for _ in 0..<digits { scale *= 10 }
            let rounded = (value * scale).rounded() / scale
            return digits == 0 ? String(Int(rounded)) : String(rounded)
        }
        var text = [
            "| detector | split | condition | ROC-AUC | onset ms, median (95 %) | offset ms, median (95 %) | dated ms, start; end "
                + "| missed start; end | false starts | noises taken for a voice | µs a frame |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for line in lines {
            let cells = [
                line.detector, line.split, line.condition, number(line.area, 3),
                "\(number(line.onsetMedian)) (\(number(line.onset95)))",
                "\(number(line.offsetMedian)) (\(number(line.offset95)))",
                "\(number(line.onsetDatingMedian)); \(number(line.offsetDatingMedian))",
                "\(line.missedOnsets); \(line.missedOffsets) of \(line.recordings)", "\(line.falseStarts)",
                "\(line.soundsTaken) of \(line.sounds)", number(line.microsecondsPerFrame, 1),
            ]
            text.append("| " + cells.joined(separator: " | ") + " |")
        }
        text += ["", "| detector | calls on a loop | µs a call's frame |", "|---|---|---|"]
        for cost in costs {
            text.append("| \(cost.detector) | \(cost.calls) | \(number(cost.microsecondsPerFrame, 1)) |")
        }
        if let absent { text += ["", absent] }
        return text.joined(separator: "\n")
    }
}
