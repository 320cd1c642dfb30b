#ifndef PARLEY_ALLOCATIONS_H
#define PARLEY_ALLOCATIONS_H

// Counts what a thread asks of malloc and its relatives. Linked into an executable, these stand in front of the C library's
// for the whole process.

/// Begins to count the calling thread's allocations, from 0.
void allocations_begin(void);

/// Ends it.
///
/// @return how many there were.
long allocations_end(void);

/// How often the last counting's most frequent place allocated, of those that ONNX Runtime takes part in, or of all others;
/// a place is the innermost calls.
///
/// @param neural whether ONNX Runtime's library is among the place's calls.
long allocations_most(int neural);

/// Prints where the last counting's most frequent allocations were made, on standard error.
void allocations_report(void);

#endif
