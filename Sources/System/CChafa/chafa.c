#include "CChafa.h"

#include <CLibrary.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// From chafa-canvas-config.h, chafa-common.h, chafa-symbol-map.h and GLib.
enum { MODE_TRUECOLOR = 0, MODE_INDEXED_256 = 1, MODE_INDEXED_240 = 2, MODE_INDEXED_16 = 3, MODE_FGBG = 5, MODE_INDEXED_8 = 6 };
enum { PIXEL_MODE_SYMBOLS = 0, PIXEL_MODE_SIXELS = 1 };
enum { PIXEL_RGB8 = 8 };
enum {
  SYMBOL_SPACE = 1 << 0, SYMBOL_SOLID = 1 << 1, SYMBOL_STIPPLE = 1 << 2, SYMBOL_QUAD = 1 << 7,
  SYMBOL_HALF = 1 << 8 | 1 << 9, SYMBOL_ASCII = 1 << 14
};

struct string {
  char *text;
  size_t length, capacity;
};

#define FUNCTIONS(F) \
  F(void *, chafa_canvas_config_new, (void)) \
  F(void, chafa_canvas_config_unref, (void *config)) \
  F(void, chafa_canvas_config_set_geometry, (void *config, int width, int height)) \
  F(void, chafa_canvas_config_set_cell_geometry, (void *config, int width, int height)) \
  F(void, chafa_canvas_config_set_pixel_mode, (void *config, int mode)) \
  F(void, chafa_canvas_config_set_canvas_mode, (void *config, int mode)) \
  F(void, chafa_canvas_config_set_symbol_map, (void *config, const void *map)) \
  F(void, chafa_canvas_config_set_fg_only_enabled, (void *config, int is_enabled)) \
  F(void *, chafa_symbol_map_new, (void)) \
  F(void, chafa_symbol_map_add_by_tags, (void *map, int tags)) \
  F(void, chafa_symbol_map_unref, (void *map)) \
  F(void *, chafa_canvas_new, (const void *config)) \
  F(void, chafa_canvas_unref, (void *canvas)) \
  F(void, chafa_canvas_draw_all_pixels, \
    (void *canvas, int type, const uint8_t *pixels, int width, int height, int stride)) \
  F(uint32_t, chafa_canvas_get_char_at, (void *canvas, int x, int y)) \
  F(void, chafa_canvas_get_raw_colors_at, (void *canvas, int x, int y, int *foreground, int *background)) \
  F(struct string *, chafa_canvas_print, (void *canvas, void *info)) \
  F(void *, chafa_term_db_get_default, (void)) \
  F(void *, chafa_term_db_get_fallback_info, (void *database)) \
  F(void, chafa_term_info_unref, (void *info)) \
  F(void, chafa_set_n_threads, (int count)) \
  F(char *, g_string_free, (struct string *string, int frees_text))

#define DECLARE(result, name, parameters) static result(*name) parameters;
FUNCTIONS(DECLARE)

#define ENTRY(result, name, parameters) {#name, (void **)&name},

// Pictures are small, and threads that wait for the next one cost more than they gain.
static void prepare(void) { chafa_set_n_threads(1); }

static struct clibrary library = {
    .sonames = CLIBRARY_SONAMES("libchafa.so.0"),
    .functions = (const struct clibrary_function[]){FUNCTIONS(ENTRY){NULL, NULL}},
    .prepare = prepare,
};

int cchafa_load(char *reason, size_t size) { return clibrary_load(&library, reason, size); }

static bool is_loaded(void) { return atomic_load_explicit(&library.is_loaded, memory_order_acquire); }

int cchafa_draw_cells(
    const uint8_t *pixels, int width, int height, int stride, int columns, int rows, int colors,
    struct cchafa_cell *cells) {
  if (!is_loaded()) return -1;
  void *config = chafa_canvas_config_new(), *map = chafa_symbol_map_new();
  chafa_canvas_config_set_geometry(config, columns, rows);
  chafa_canvas_config_set_pixel_mode(config, PIXEL_MODE_SYMBOLS);
  // The first sixteen of 256 are the person's own, and may be anything.
  chafa_canvas_config_set_canvas_mode(
      config, colors >= 1 << 24 ? MODE_TRUECOLOR
                                : colors >= 256 ? MODE_INDEXED_240
                                                : colors >= 16 ? MODE_INDEXED_16 : colors >= 8 ? MODE_INDEXED_8 : MODE_FGBG);
  // What every font has.
  chafa_symbol_map_add_by_tags(
      map, SYMBOL_SPACE | (colors >= 16 ? SYMBOL_HALF | SYMBOL_QUAD
                                        : colors >= 8 ? SYMBOL_SOLID | SYMBOL_STIPPLE : SYMBOL_ASCII));
  // Terminals with eight colours have hardly more pairs of them.
  chafa_canvas_config_set_fg_only_enabled(config, colors < 16);
  chafa_canvas_config_set_symbol_map(config, map);
  void *canvas = chafa_canvas_new(config);
  chafa_canvas_draw_all_pixels(canvas, PIXEL_RGB8, pixels, width, height, stride);
  for (int y = 0; y < rows; y++) {
    for (int x = 0; x < columns; x++) {
      int foreground = -1, background = -1;
      struct cchafa_cell *cell = cells + (size_t)y * columns + x;
      cell->character = chafa_canvas_get_char_at(canvas, x, y);
      chafa_canvas_get_raw_colors_at(canvas, x, y, &foreground, &background);
      cell->foreground = colors >= 8 ? foreground : -1;
      cell->background = colors >= 8 ? background : -1;
    }
  }
  chafa_canvas_unref(canvas);
  chafa_canvas_config_unref(config);
  chafa_symbol_map_unref(map);
  return 0;
}

char *cchafa_encode_sixel(
    const uint8_t *pixels, int width, int height, int stride, int colors, size_t *length) {
  if (!is_loaded()) return NULL;
  void *config = chafa_canvas_config_new();
  // One cell as large as the picture: else only whole cells could be drawn.
  chafa_canvas_config_set_geometry(config, 1, 1);
  chafa_canvas_config_set_cell_geometry(config, width, height);
  chafa_canvas_config_set_pixel_mode(config, PIXEL_MODE_SIXELS);
  chafa_canvas_config_set_canvas_mode(config, colors >= 256 ? MODE_TRUECOLOR : MODE_INDEXED_16);
  void *canvas = chafa_canvas_new(config);
  chafa_canvas_draw_all_pixels(canvas, PIXEL_RGB8, pixels, width, height, stride);
  void *info = chafa_term_db_get_fallback_info(chafa_term_db_get_default());
  struct string *printed = chafa_canvas_print(canvas, info);
  char *text = malloc(printed->length + 1);
  if (text) memcpy(text, printed->text, printed->length);
  *length = text ? printed->length : 0;
  g_string_free(printed, 1);
  chafa_term_info_unref(info);
  chafa_canvas_unref(canvas);
  chafa_canvas_config_unref(config);
  return text;
}
