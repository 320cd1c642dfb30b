import CSpawn
import Glibc

/// A program that was started in a process group of its own, with what it is given and nothing else: no descriptor, no
/// variable and no signal handling of ours.
///
/// It belongs to one thread, which must live until ``wait()`` has returned: a program may ask the kernel to be killed
/// when the thread that started it ends. Until then its number is its own, whether it has ended or not.
struct ChildProcess: ~Copyable {
    /// What it is given, by the numbers of our descriptors.
    struct Descriptors {
        /// Nothing comes from there without it.
        var input: CInt?
        var output: CInt
        var errors: CInt
        /// Its descriptor 3.
        var further: CInt?
    }

    private let process: pid_t
    /// Can be read from as soon as the program has ended.
    let end: CInt

    init(
        _ command: [String], environment: [String: String], _ descriptors: Descriptors
    ) throws(ProcessError) {
        let path = command.first ?? ""
        // SAFETY: both are set up here, used by this thread alone and destroyed below.
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        if let input = descriptors.input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptors.output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptors.errors, STDERR_FILENO)
        if let further = descriptors.further { unsafe posix_spawn_file_actions_adddup2(&actions, further, 3) }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, descriptors.further == nil ? 3 : 4)
        unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        // Threads of a pool block every signal, and a service ignores some; it must hear of its limits all the same.
        var (all, none) = (sigset_t(), sigset_t())
        unsafe sigfillset(&all)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        // SAFETY: copies, freed below; the kernel has its own when this returns.
        let arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let status = unsafe posix_spawn(&process, path, &actions, &attributes, arguments, variables)
        guard status == 0 else { throw ProcessError("\(path) cannot be started", code: status) }
        let end = pidfd_open(process, 0)
        guard end >= 0 else {
            let code = errno
            Glibc.kill(-process, SIGKILL)
            waitpid(process, nil, 0)
            throw ProcessError("the end of \(path) cannot be waited for", code: code)
        }
        self.process = process
        self.end = end
    }

    deinit { close(end) }

    /// Kills it and its group; what is left of that, when it has ended itself.
    func kill() { Glibc.kill(-process, SIGKILL) }

    /// How it ended. Blocks until it has, and gives its number back: the last call.
    consuming func wait() -> ProcessResult.End {
        var status: CInt = 0
        // SAFETY: of this frame.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        // As the C library's macros, which Swift does not see, take it apart.
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}
