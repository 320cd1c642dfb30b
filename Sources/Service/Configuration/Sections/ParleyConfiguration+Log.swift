package import Logging

extension ParleyConfiguration {
    package struct Log: Sendable, Equatable {
        package var level = Logger.Level.info
        package var format = LogFormat.pretty
        /// Whether values under keys with a `pii` segment (what was said, telephone numbers) are written out.
        package var showsPersonalData = false
    }
}
