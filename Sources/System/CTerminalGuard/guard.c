#define _GNU_SOURCE
#include "CTerminalGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { RESET_LIMIT = 512, REPLAY_LIMIT = 64 * 1024, STACK_SIZE = 64 * 1024 };

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS, SIGQUIT};
static struct sigaction previous_faults[COUNT(faults)];

static const int watched[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
static struct sigaction previous_watched[COUNT(watched)];
static atomic_int watch_fd = -1;
static atomic_int terminations;

static struct termios saved_modes;
static int tty_fd = -1;
static int saved_stderr = -1;
static int captured = -1;
static char reset_bytes[RESET_LIMIT];
static size_t reset_length;
// Whether the terminal is ours. The one who clears it gives the terminal back.
static atomic_bool held;

int cterminalguard_memory_file(const char *name) {
  int fd = memfd_create(name, MFD_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

static void write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(fd, bytes, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes += count;
    length -= (size_t)count;
  }
}

static void release_stderr(void) {
  if (captured < 0) return;
  dup2(saved_stderr, STDERR_FILENO);
  off_t size = lseek(captured, 0, SEEK_END);
  lseek(captured, size > REPLAY_LIMIT ? size - REPLAY_LIMIT : 0, SEEK_SET);
  char buffer[1024];
  ssize_t count;
  while ((count = read(captured, buffer, sizeof buffer)) > 0) write_all(STDERR_FILENO, buffer, (size_t)count);
}

static void capture_stderr(void) {
  if (captured < 0) return;
  if (ftruncate(captured, 0) == 0 && lseek(captured, 0, SEEK_SET) == 0) dup3(captured, STDERR_FILENO, O_CLOEXEC);
}

void cterminalguard_restore(void) {
  if (!atomic_exchange(&held, 0)) return;
  int error = errno;
  // A background process that sets modes is stopped, unless it blocks the signal that does it.
  sigset_t block, before;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &block, &before);
  write_all(tty_fd, reset_bytes, reset_length);
  // Reports that nobody has read would be typed into the shell.
  tcflush(tty_fd, TCIFLUSH);
  // Not TCSADRAIN: a terminal that takes no more output must not keep a dying process.
  tcsetattr(tty_fd, TCSANOW, &saved_modes);
  release_stderr();
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
}

int cterminalguard_hold(void) {
  if (tty_fd < 0) return -EBADF;
  if (atomic_exchange(&held, 1)) return 0;
  capture_stderr();
  return 0;
}

int cterminalguard_set_reset(const char *reset, size_t length) {
  if (length > sizeof reset_bytes) return -EINVAL;
  // A crash between the two lines writes too little, never too much.
  reset_length = 0;
  memcpy(reset_bytes, reset, length);
  reset_length = length;
  return 0;
}

static void on_fault(int signal) {
  cterminalguard_restore();
  for (size_t i = 0; i < COUNT(faults); i++) {
    if (faults[i] == signal) sigaction(signal, &previous_faults[i], NULL);
  }
  // The Swift backtracer, or the default.
  raise(signal);
  // The backtracer returns, so that the fault comes again; a signal that somebody sent does not.
  sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
  raise(signal);
}

static void use_signal_stack(void) {
  static char stack[STACK_SIZE];
  stack_t current;
  // Without a stack of its own no handler runs after a stack overflow.
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, NULL);
  }
}

static void open_capture(void) {
  // Standard error that goes to a file does not disturb the screen.
  if (!isatty(STDERR_FILENO)) return;
  captured = cterminalguard_memory_file("stderr");
  if (captured < 0) return;
  saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (saved_stderr < 0) {
    close(captured);
    captured = -1;
  }
}

int cterminalguard_install(int tty, const char *reset, size_t length) {
  static atomic_flag is_registered = ATOMIC_FLAG_INIT;
  if (tty_fd >= 0) return -EBUSY;
  if (length > sizeof reset_bytes) return -EINVAL;
  if (tcgetattr(tty, &saved_modes) < 0) return -errno;
  int own = fcntl(tty, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return -errno;
  tty_fd = own;
  cterminalguard_set_reset(reset, length);
  open_capture();
  use_signal_stack();
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(faults); i++) sigaction(faults[i], &action, &previous_faults[i]);
  if (!atomic_flag_test_and_set(&is_registered)) {
    atexit(cterminalguard_restore);
    at_quick_exit(cterminalguard_restore);
  }
  return cterminalguard_hold();
}

void cterminalguard_uninstall(void) {
  cterminalguard_watch_signals(-1);
  cterminalguard_restore();
  if (tty_fd < 0) return;
  for (size_t i = 0; i < COUNT(faults); i++) sigaction(faults[i], &previous_faults[i], NULL);
  close(tty_fd);
  tty_fd = -1;
  if (captured >= 0) {
    close(captured);
    close(saved_stderr);
    captured = saved_stderr = -1;
  }
}

static void on_watched(int signal) {
  int error = errno;
  if (signal == SIGTERM && atomic_fetch_add(&terminations, 1) > 0) {
    cterminalguard_restore();
    sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    raise(signal);
  }
  unsigned char byte = (unsigned char)signal;
  int fd = atomic_load(&watch_fd);
  if (fd >= 0) (void)!write(fd, &byte, 1);
  errno = error;
}

int cterminalguard_watch_signals(int fd) {
  int before = atomic_exchange(&watch_fd, fd);
  if (fd < 0) {
    if (before >= 0) {
      for (size_t i = 0; i < COUNT(watched); i++) sigaction(watched[i], &previous_watched[i], NULL);
    }
    return 0;
  }
  if (before < 0) atomic_store(&terminations, 0);
  struct sigaction action = {.sa_handler = on_watched, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(watched); i++) {
    if (sigaction(watched[i], &action, before < 0 ? &previous_watched[i] : NULL) < 0) return -errno;
  }
  return 0;
}
