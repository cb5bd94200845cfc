#pragma once

#include <stddef.h>

// Gives the terminal back whatever happens to the process: exit, crash, a second kill -TERM.
//
// While the guard holds the terminal, standard error goes to memory, so that a message of a library or of a crash does
// not end up in the alternate screen; it is shown when the terminal is given back. Children must be given a standard
// error of their own meanwhile: the memory is closed on exec.
//
// One terminal a process. Functions that return int return 0 or a negative errno.

// Remembers the modes of `tty`, catches faults, and begins to hold. `reset` is written when the terminal is given back;
// at most 512 bytes, copied.
int cterminalguard_install(int tty, const char *_Nonnull reset, size_t length);

// Gives the terminal back: reset string, modes, standard error with what was said. Idempotent, async-signal-safe.
void cterminalguard_restore(void);

// Holds the terminal again after `cterminalguard_restore`.
int cterminalguard_hold(void);

// Replaces the reset string.
int cterminalguard_set_reset(const char *_Nonnull reset, size_t length);

// Gives the terminal back and undoes `cterminalguard_install`.
void cterminalguard_uninstall(void);

// A file in memory, closed on exec; a descriptor.
int cterminalguard_memory_file(const char *_Nonnull name);

// Writes one byte, the signal's number, to `fd` for each SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT; a
// second SIGTERM gives the terminal back and ends the process. Handlers, not SIG_IGN, so that children start with the
// defaults. `fd` must not block. Calling it again
// takes back what a library has changed meanwhile. -1 stops it and puts the old actions back.
int cterminalguard_watch_signals(int fd);
