extension Schema {
    /// Versions of agents, which of them take calls, and who changed that. Times are milliseconds since 1970.
    ///
    /// `number` counts an agent's versions from 1. `agent_standings` has a row for each agent that takes its calls from a
    /// published version; `act` is the row of `agent_acts` that made it what it is, so that a process sees by one number
    /// whether anything changed.
    static let versions = """
        CREATE TABLE agent_versions (
            agent TEXT NOT NULL,
            number INTEGER NOT NULL,
            hash TEXT NOT NULL,
            file TEXT NOT NULL,
            source BLOB NOT NULL,
            published_at INTEGER NOT NULL,
            published_by TEXT NOT NULL,
            note TEXT,
            budget_since INTEGER NOT NULL,
            burnt_at INTEGER,
            burnt_because TEXT,
            PRIMARY KEY (agent, number)
        ) STRICT;

        CREATE TABLE agent_version_files (
            agent TEXT NOT NULL,
            number INTEGER NOT NULL,
            path TEXT NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (agent, number, path),
            FOREIGN KEY (agent, number) REFERENCES agent_versions (agent, number) ON DELETE CASCADE
        ) STRICT;

        CREATE TABLE agent_standings (
            agent TEXT NOT NULL PRIMARY KEY,
            live INTEGER NOT NULL,
            trial INTEGER,
            percent INTEGER NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 99),
            escalates INTEGER NOT NULL DEFAULT 0,
            act INTEGER NOT NULL,
            FOREIGN KEY (agent, live) REFERENCES agent_versions (agent, number),
            FOREIGN KEY (agent, trial) REFERENCES agent_versions (agent, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE agent_acts (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            agent TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN
                ('published', 'rolled_back', 'split', 'unpublished', 'burnt', 'refused')),
            number INTEGER,
            happened_at INTEGER NOT NULL,
            done_by TEXT NOT NULL,
            detail TEXT
        ) STRICT;
        CREATE INDEX agent_acts_by_agent ON agent_acts (agent, id);

        ALTER TABLE calls ADD COLUMN faults TEXT;
        CREATE INDEX calls_by_version ON calls (agent, agent_version, started_at);
        CREATE INDEX reviews_rejected ON reviews (decided_at) WHERE state = 'rejected';
        """

    /// `live` is the version that was live after an act, where it changed what takes calls; of acts before this step it is
    /// what they say. `taken_at` of a refusal is when the service took the version after all, milliseconds since 1970.
    static let versionHistory = """
        ALTER TABLE agent_acts ADD COLUMN live INTEGER;
        ALTER TABLE agent_acts ADD COLUMN taken_at INTEGER;
        UPDATE agent_acts SET live = number
            WHERE kind IN ('published', 'rolled_back') OR (kind = 'split' AND detail = '100 %');
        """
}
