#pragma once

// Of glibc 2.36, which declares these only to programs that ask for GNU's extensions; Swift's module of it does not.
#include <spawn.h>
#include <sys/types.h>

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int pidfd_open(pid_t process, unsigned int flags);
extern int pipe2(int ends[2], int flags);
