#pragma once

#include <stddef.h>
#include <stdint.h>

// libchafa, which turns pixels into characters or sixels, loaded on first use: most chats never need it, and it brings
// GLib along. Its headers would too, so that the few functions and numbers that are used are declared in chafa.c; they
// are those of libchafa.so.0, whose interface has been the same since 1.8.
//
// All functions may be called from any thread, and at the same time.

// Loads the library. 0, or -1 with the reason; the next call tries again.
int cchafa_load(char *_Nonnull reason, size_t size);

// A character with its colours: 0xRRGGBB, a palette index where there is a palette, or -1 for the terminal's own.
struct cchafa_cell {
  uint32_t character;
  int32_t foreground, background;
};

// Draws red, green and blue, three bytes a pixel and rows of whole words, into columns * rows cells, in 0 (ASCII without colour), 8, 16, 256 or 1 << 24 colours.
// 0, or -1 when the library is not loaded or there is not enough memory.
int cchafa_draw_cells(
    const uint8_t *_Nonnull pixels, int width, int height, int stride, int columns, int rows, int colors,
    struct cchafa_cell *_Nonnull cells);

// Encodes such pixels as a sixel sequence of the same size, in 16 or 256 colours; the library draws whole
// bands of six rows, so that up to five at the bottom stay free. To be freed with free(); NULL when it cannot be done.
char *_Nullable cchafa_encode_sixel(
    const uint8_t *_Nonnull pixels, int width, int height, int stride, int colors, size_t *_Nonnull length);
