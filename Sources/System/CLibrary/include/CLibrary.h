#pragma once

// Shared libraries that are loaded when they are first needed, and stay.

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

// A function, and where its address goes.
struct clibrary_function {
  const char *name;
  void **loaded;
};

// A library. What is not named is zero, which is a mutex that nobody holds.
struct clibrary {
  // Its names, of which the first that is found counts; NULL behind the last.
  const char *const *sonames;
  // What is called of it; without a name behind the last.
  const struct clibrary_function *functions;
  // Called once, with all functions found and before anybody else can call one; may be NULL.
  void (*prepare)(void);
  pthread_mutex_t mutex;
  atomic_bool is_loaded;
};

// Loads a library unless it is loaded; on any thread. Returns 0, or -1 with the reason, as often as it is called: what is
// missing may be installed while the program runs.
int clibrary_load(struct clibrary *library, char *reason, size_t size);

// For a list F(result, name, parameters, arguments) of functions: each of them, calling what was loaded. They are hidden, since
// the library calls itself by the same names and must not be led through here.
#define CLIBRARY_FORWARD(result, name, parameters, arguments) \
  static __typeof__(name) *loaded_##name; \
  __attribute__((visibility("hidden"))) result name parameters { return loaded_##name arguments; }

// For the same list: the entries of `functions`.
#define CLIBRARY_ENTRY(result, name, parameters, arguments) {#name, (void **)&loaded_##name},
#define CLIBRARY_FUNCTIONS(list) (const struct clibrary_function[]){list(CLIBRARY_ENTRY){NULL, NULL}}
#define CLIBRARY_SONAMES(...) (const char *const[]){__VA_ARGS__, NULL}
