extension Schema {
    /// Step 2. Days are `YYYY-MM-DD`, times `HH:MM`, both local to the calendar's place; weekdays count from Monday,
    /// 1...7.
    ///
    /// The partial unique index is what makes two bookings of one slot impossible, whoever writes.
    static let calendar = """
        CREATE TABLE doctors (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE opening_hours (
            doctor_id INTEGER NOT NULL REFERENCES doctors (id) ON DELETE CASCADE,
            weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
            opens TEXT NOT NULL,
            closes TEXT NOT NULL CHECK (closes > opens),
            slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 5 AND 480),
            PRIMARY KEY (doctor_id, weekday, opens)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE holidays (
            day TEXT NOT NULL PRIMARY KEY,
            reason TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE appointments (
            id INTEGER NOT NULL PRIMARY KEY,
            doctor_id INTEGER NOT NULL REFERENCES doctors (id),
            day TEXT NOT NULL,
            time TEXT NOT NULL,
            minutes INTEGER NOT NULL CHECK (minutes > 0),
            name TEXT NOT NULL,
            name_key TEXT NOT NULL,
            phone TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('booked', 'cancelled')),
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX appointments_one_per_slot ON appointments (doctor_id, day, time) WHERE status = 'booked';
        CREATE INDEX appointments_by_name ON appointments (name_key, day, time);
        CREATE INDEX appointments_by_day ON appointments (day, time);

        CREATE TABLE messages (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            phone TEXT NOT NULL,
            text TEXT NOT NULL,
            taken_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE calendar_acts (
            operation TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            result TEXT NOT NULL,
            done_at INTEGER NOT NULL,
            PRIMARY KEY (operation, idempotency_key)
        ) STRICT, WITHOUT ROWID;
        """
}
