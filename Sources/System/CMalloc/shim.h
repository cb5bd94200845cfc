// The C library's heap, whose malloc.h Swift's own module of it leaves out.
#pragma once

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Lets all threads take from one heap. Before the first thread starts. Only glibc keeps several.
static inline void cmalloc_use_one_heap(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
}

/// Gives the free pages of the heap back to the system. From any thread; others wait meanwhile.
static inline void cmalloc_give_back(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
