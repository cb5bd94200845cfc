#pragma once

// ncurses for Swift. pkg-config's -D_XOPEN_SOURCE never arrives, since SwiftPM drops -D; without wide characters the
// declarations are missing and WINDOW has another layout.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <term.h>
#include <wchar.h>

// Globals, which Swift cannot reach safely.
static inline WINDOW *_Nullable cncurses_stdscr(void) { return stdscr; }
static inline WINDOW *_Nullable cncurses_curscr(void) { return curscr; }
static inline int cncurses_colors(void) { return COLORS; }
static inline int cncurses_color_pairs(void) { return COLOR_PAIRS; }

// Macros with casts, which Swift does not import.
static inline attr_t cncurses_bold(void) { return A_BOLD; }
static inline attr_t cncurses_dim(void) { return A_DIM; }
static inline attr_t cncurses_italic(void) { return A_ITALIC; }
static inline attr_t cncurses_underline(void) { return A_UNDERLINE; }
static inline attr_t cncurses_reverse(void) { return A_REVERSE; }

// Puts one cell at a place of a window: a spacing character and up to four that combine with it, zero-terminated.
// setcchar takes the extended colour pair through its last argument.
static inline void cncurses_put(
    WINDOW *_Nonnull window, int row, int column, const wchar_t *_Nonnull text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == OK) (void)mvwadd_wch(window, row, column, &cell);
}

// A terminfo string, or NULL when the terminal has none.
static inline const char *_Nullable cncurses_string(const char *_Nonnull name) {
  const char *text = tigetstr(name);
  return text == (const char *)-1 ? NULL : text;
}

// A terminfo string with numbers filled in, valid until the next call; NULL when the terminal has none.
static inline const char *_Nullable cncurses_filled(const char *_Nonnull name, int first, int second) {
  const char *text = cncurses_string(name);
  return text ? tparm(text, first, second, 0, 0, 0, 0, 0, 0, 0) : NULL;
}

// What curses goes by when it counts columns: 0 for what combines, -1 for what the C library does not know.
extern int wcwidth(wchar_t);
static inline int cncurses_width(wchar_t character) { return wcwidth(character); }

// Makes the C library read and write UTF-8, whatever the locale says otherwise. 1, or 0 when it cannot.
static inline int cncurses_use_utf8(void) {
  static const char *const fallbacks[] = {"", "C.UTF-8", "en_US.UTF-8"};
  for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
    if (!setlocale(LC_CTYPE, fallbacks[i])) continue;
    const char *codeset = nl_langinfo(CODESET);
    if ((codeset[0] == 'U' || codeset[0] == 'u') && MB_CUR_MAX > 1) return 1;
  }
  return 0;
}
