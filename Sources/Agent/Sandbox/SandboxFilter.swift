/// System calls that a program in a sandbox may not make, as a program of the kernel's filter (seccomp(2)): those of
/// System V's shared memory, queues and semaphores. What is kept there is nobody's address space, so no limit counts it.
enum SandboxFilter {
    /// One instruction: `struct sock_filter` of `linux/filter.h`.
    private struct Instruction {
        var code: UInt16
        /// Instructions to pass over when it is so, and when it is not.
        var isSo: UInt8 = 0
        var isNot: UInt8 = 0
        var value: UInt32

        var bytes: [UInt8] {
            [UInt8(truncatingIfNeeded: code), UInt8(code >> 8), isSo, isNot]
                + (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
    }

    // `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JEQ | BPF_K`, `BPF_JMP | BPF_JGE | BPF_K`, `BPF_RET | BPF_K`.
    private static let (load, equal, atLeast, end): (UInt16, UInt16, UInt16, UInt16) = (0x20, 0x15, 0x35, 0x06)
    /// `SECCOMP_RET_ALLOW`, and `SECCOMP_RET_ERRNO` with `EPERM`.
    private static let (allow, refuse): (UInt32, UInt32) = (0x7fff_0000, 0x0005_0001)
    /// Within `struct seccomp_data`.
    private static let (number, architecture): (UInt32, UInt32) = (0, 4)
    /// From here on the numbers are those of x32, a second set of the same calls.
    private static let secondSet: UInt32 = 0x4000_0000

    /// `AUDIT_ARCH_…` of `linux/audit.h`, and the numbers of shmget, shmat, msgget and semget. Nil for a processor whose
    /// numbers are not known here.
    private static var numbers: (architecture: UInt32, refused: [UInt32])? {
        #if arch(x86_64)
            (0xc000_003e, [29, 30, 68, 64])
        #elseif arch(arm64)
            (0xc000_00b7, [194, 196, 186, 190])
        #else
            nil
        #endif
    }

    /// The filter; nil for a processor whose system calls are not known here.
    static var bytes: [UInt8]? {
        guard let numbers else { return nil }
        let refused = numbers.refused
        // Whatever is refused goes to the last instruction.
        let last = UInt8(refused.count + 5)
        var program = [
            Instruction(code: load, value: architecture),
            // Calls of another architecture have other numbers.
            Instruction(code: equal, isNot: last - 2, value: numbers.architecture),
            Instruction(code: load, value: number),
            Instruction(code: atLeast, isSo: last - 4, value: secondSet),
        ]
        for number in refused {
            program.append(Instruction(code: equal, isSo: last - UInt8(program.count) - 1, value: number))
        }
        program += [Instruction(code: end, value: allow), Instruction(code: end, value: refuse)]
        return program.flatMap(\.bytes)
    }
}
