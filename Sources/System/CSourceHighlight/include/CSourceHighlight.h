#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// libsource-highlight for Swift, which it is too much C++ for: lines go in, one after another, and pieces of them come out.
//
// The library is loaded when the first definition is read: with Boost and ICU it is larger than everything else that a chat
// needs, and many chats show no code.
//
// Any thread may call anything; the library takes one at a time. No exception gets out.

// A language whose definition was read; it stays for ever, since reading it costs milliseconds.
typedef struct csourcehighlight_language csourcehighlight_language;

// Where one line ended, in a comment for example: what the next line is read with. Never changes.
typedef struct csourcehighlight_state csourcehighlight_state;

// What a piece of a line is.
typedef enum {
  csourcehighlight_plain,
  csourcehighlight_keyword,
  csourcehighlight_string,
  csourcehighlight_comment,
  csourcehighlight_number,
  csourcehighlight_type,
  csourcehighlight_function,
  csourcehighlight_name,
  csourcehighlight_meta,
  csourcehighlight_symbol,
  csourcehighlight_added,
  csourcehighlight_removed,
} csourcehighlight_kind;

// Bytes of a line that look the same.
typedef struct {
  size_t length;
  csourcehighlight_kind kind;
} csourcehighlight_piece;

// Loads the library, which is done when it is needed otherwise; whether it is there.
bool csourcehighlight_is_there(void);

// Reads the definition `file` of the folder `directory`; other definitions that it includes are there, too. NULL when there
// is no such file, when it is not understood, or when the library is not there.
csourcehighlight_language *_Nullable csourcehighlight_read(
    const char *_Nonnull directory, const char *_Nonnull file);

// The same with the text of a definition; what it includes is in the folder, whose path begins with a slash.
csourcehighlight_language *_Nullable csourcehighlight_read_text(
    const char *_Nonnull directory, const char *_Nonnull text, size_t length);

// Cuts a line, which has no line break, into pieces. `before` is the state after the line before; NULL at the beginning.
// Returns how many pieces were written; 0 when they would be more than `limit`, or when the library gave up: the line is
// plain then. `after` becomes the state after the line, to be freed; NULL for that of the beginning.
size_t csourcehighlight_line(
    csourcehighlight_language *_Nonnull language, const csourcehighlight_state *_Nullable before,
    const char *_Nonnull line, size_t length, csourcehighlight_piece *_Nonnull pieces, size_t limit,
    csourcehighlight_state *_Nullable *_Nonnull after);

// Frees a state.
void csourcehighlight_free(csourcehighlight_state *_Nullable state);

#ifdef __cplusplus
}
#endif
