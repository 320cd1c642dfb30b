extension Schema {
    /// Step 33: what scorecards make of calls. Times are milliseconds since 1970.
    ///
    /// A card is `pending` until its rules are judged; where a judge has still to be asked it is `partial`, else `done`.
    /// `fence` grows with each lease; `attempts` counts requests to a judge since the call was last to be scored, `requests`
    /// those between which no day went by. `results` is JSON, and `scorecard_findings` holds of it what is counted.
    static let scorecards = """
        CREATE TABLE scorecards (
            call_id TEXT NOT NULL PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('pending', 'partial', 'done')),
            card TEXT,
            card_version TEXT,
            score INTEGER,
            results TEXT,
            note TEXT,
            wanted_at INTEGER NOT NULL,
            scored_at INTEGER,
            not_before INTEGER,
            leased_until INTEGER,
            fence INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            requests INTEGER NOT NULL DEFAULT 0,
            requested_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scorecards_open ON scorecards (wanted_at) WHERE state <> 'done';
        CREATE INDEX scorecards_by_score ON scorecards (score) WHERE score IS NOT NULL;
        CREATE INDEX scorecards_by_request ON scorecards (card, requested_at) WHERE requested_at IS NOT NULL;

        CREATE TABLE scorecard_findings (
            call_id TEXT NOT NULL REFERENCES scorecards (call_id) ON DELETE CASCADE,
            criterion TEXT NOT NULL,
            standing TEXT NOT NULL,
            weight INTEGER NOT NULL,
            PRIMARY KEY (call_id, criterion)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scorecard_findings_by_criterion ON scorecard_findings (criterion, standing, call_id);
        """
}
