/// Byte strings by key, bounded in bytes; the one unused for longest goes first. Each operation takes constant time.
struct RecencyCache<Key: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let key: Key
        var value: [UInt8]
        /// Used before this one, and after; -1 for none.
        var older = -1
        var newer = -1
    }

    /// In bytes.
    let capacity: Int
    /// Bytes kept.
    private(set) var byteCount = 0
    private var places: [Key: Int] = [:]
    /// A doubly linked list in an array: entries refer to each other by index.
    private var entries: [Entry?] = []
    private var vacant: [Int] = []
    private var oldest = -1
    private var newest = -1

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { places.count }

    /// What is kept under `key`, which becomes the latest used.
    mutating func value(for key: Key) -> [UInt8]? {
        guard let place = places[key] else { return nil }
        unlink(place)
        linkAsNewest(place)
        return entries[place]?.value
    }

    /// Keeps `value` as the latest used, if it fits at all.
    mutating func insert(_ value: [UInt8], for key: Key) {
        if let place = places[key] { remove(place) }
        guard value.count <= capacity else { return }
        while byteCount + value.count > capacity, oldest >= 0 { remove(oldest) }
        let place = vacant.popLast() ?? entries.count
        let entry = Entry(key: key, value: value)
        if place == entries.count { entries.append(entry) } else { entries[place] = entry }
        places[key] = place
        byteCount += value.count
        linkAsNewest(place)
    }

    private mutating func remove(_ place: Int) {
        guard let entry = entries[place] else { return }
        unlink(place)
        byteCount -= entry.value.count
        places[entry.key] = nil
        entries[place] = nil
        vacant.append(place)
    }

    private mutating func unlink(_ place: Int) {
        guard let entry = entries[place] else { return }
        if entry.older >= 0 { entries[entry.older]?.newer = entry.newer } else { oldest = entry.newer }
        if entry.newer >= 0 { entries[entry.newer]?.older = entry.older } else { newest = entry.older }
        entries[place]?.older = -1
        entries[place]?.newer = -1
    }

    private mutating func linkAsNewest(_ place: Int) {
        entries[place]?.older = newest
        if newest >= 0 { entries[newest]?.newer = place } else { oldest = place }
        newest = place
    }
}
