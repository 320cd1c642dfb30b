package import Foundation

/// Which runs are to be looked at.
extension Store {
    /// Those that are not over, oldest first.
    package func openTeamRuns() async throws(StoreError) -> [String] {
        try await read("list the teams' open runs", path) { db in
            try String.fetchAll(db, sql: "SELECT id FROM team_runs WHERE state = 'open' ORDER BY began_at, id")
        }
    }

    /// Those with a step that can be begun or taken over now, and those that are only to be ended; oldest first. Runs that
    /// wait for a person or for a call are not among them, however many there are.
    ///
    /// - Parameter leftOut: the name of a step that is left to another process; nil leaves out none.
    package func dueTeamRuns(
        withoutStep leftOut: String? = nil, now: Date = Date()
    ) async throws(StoreError) -> [String] {
        try await read("list the teams' due runs", path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM team_runs WHERE state = 'open' AND (
                        EXISTS (
                            SELECT 1 FROM team_steps AS step WHERE step.run_id = team_runs.id AND step.name IS DISTINCT FROM ?2
                                AND ((state = 'pending' AND coalesce(not_before, 0) <= ?1)
                                    OR (state = 'running' AND leased_until < ?1))
                                AND NOT EXISTS (
                                    SELECT 1 FROM team_steps AS earlier WHERE earlier.run_id = team_runs.id
                                        AND earlier.stage < step.stage
                                        AND earlier.state IN ('pending', 'running', 'waiting')))
                        OR NOT EXISTS (
                            SELECT 1 FROM team_steps WHERE run_id = team_runs.id
                                AND state IN ('pending', 'running', 'waiting')))
                    ORDER BY began_at, id
                    """,
                arguments: [now.storedMilliseconds, leftOut])
        }
    }

    /// Those with a step that waits for a call, or for a review that has been decided or whose time is over.
    package func answeredTeamRuns(now: Date = Date()) async throws(StoreError) -> [String] {
        try await read("list the teams' answered runs", path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM team_runs WHERE state = 'open' AND EXISTS (
                        SELECT 1 FROM team_steps LEFT JOIN reviews ON reviews.id = review_id
                        WHERE run_id = team_runs.id AND team_steps.state = 'waiting'
                            AND (reviews.id IS NULL OR reviews.state NOT IN ('pending', 'approved', 'running')
                                OR (reviews.state = 'pending' AND expires_at <= ?)))
                    ORDER BY began_at, id
                    """,
                arguments: [now.storedMilliseconds])
        }
    }
}
