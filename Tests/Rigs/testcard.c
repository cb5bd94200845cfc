// testcard: an X11 window whose contents a test knows. Run it through the script `testcard`, which compiles it.
//
//   --geometry WxH+X+Y   place and size (640x360+0+0)      --fullscreen   all of the root, no window manager involved
//   --color RRGGBB       the background (336699)           --title T, --class C
//   --text SENTENCE      large letters from the top left   --bare         no window manager involved
//   --circle RRGGBB      a disc in the middle              --square RRGGBB  a square in the middle
//   --clock              frame number and time as cells in the top left corner; --fps N (30), --frames N
//   --flash              with --clock: another background in every frame
//   --alpha AA           what is behind it shines through (FF: nothing does), where there is a compositor
//   --cursor             a pointer of its own: a white square of 16 pixels, hot spot at 4, 8
//
// Prints "ready ID" when it is on the screen, "drawn T" with the milliseconds of CLOCK_MONOTONIC by then, and "gone T" when
// it quits; `--log FILE` gets "number drawn shown" for each frame of the clock,
// in milliseconds: no server shows it before the first or after the second for the first time.
// Reads commands: move X Y, resize W H, color RRGGBB, hide, show, quit.
//
// The clock: 3 rows of 32 cells of 16 pixels, white for 1, black for 0, highest bit first. Row 0 is the frame's number,
// row 1 CLOCK_MONOTONIC in milliseconds, row 2 the CRC-16 (CCITT, from 0xFFFF) of these eight bytes, and 0x5C21.
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CELL = 16, MARK = 0x5C21 };

static Display *display;
static Window window;
static Pixmap picture;
static GC pen;
static int width = 640, height = 360;
static unsigned long background = 0x336699;
static unsigned long alpha;
static int depth;
static const char *text;
static long disc = -1, square = -1;
static uint32_t clock_number, clock_milliseconds;
static int has_clock;

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static uint16_t crc16(const uint8_t *bytes, int count) {
  uint16_t crc = 0xFFFF;
  while (count--) {
    crc ^= (uint16_t)(*bytes++ << 8);
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
  }
  return crc;
}

static unsigned long pixel(unsigned long rgb) {
  // Compositors want colours that are multiplied already.
  if (depth == 32)
    return alpha << 24 | (rgb >> 16 & 255) * alpha / 255 << 16 | (rgb >> 8 & 255) * alpha / 255 << 8 | (rgb & 255) * alpha / 255;
  Visual *visual = DefaultVisual(display, DefaultScreen(display));
  if (visual->class == TrueColor && visual->red_mask == 0xFF0000) return rgb;
  XColor color = {.red = (rgb >> 16 & 255) * 257, .green = (rgb >> 8 & 255) * 257, .blue = (rgb & 255) * 257};
  XAllocColor(display, DefaultColormap(display, DefaultScreen(display)), &color);
  return color.pixel;
}

static void fill(unsigned long rgb, int x, int y, int w, int h) {
  XSetForeground(display, pen, pixel(rgb));
  XFillRectangle(display, picture, pen, x, y, (unsigned)w, (unsigned)h);
}

// Three fifths of the shorter side.
static void draw_shapes(void) {
  int edge = (width < height ? width : height) * 3 / 5, x = (width - edge) / 2, y = (height - edge) / 2;
  if (square >= 0) fill((unsigned long)square, x, y, edge, edge);
  if (disc < 0) return;
  XSetForeground(display, pen, pixel((unsigned long)disc));
  XFillArc(display, picture, pen, x, y, (unsigned)edge, (unsigned)edge, 0, 360 * 64);
}

// The server's built-in font, every dot a square: large letters without any font installed.
static void draw_text(void) {
  enum { DOT = 3 };
  XFontStruct *font = XLoadQueryFont(display, "fixed");
  if (!font || !text) return;
  int columns = width / DOT / font->max_bounds.width - 1, line = font->ascent + font->descent, y = 0;
  if (columns < 1) return;
  for (const char *at = text; *at && (y + line) * DOT <= height; y += line) {
    int length = (int)strlen(at);
    if (length > columns)
      for (length = columns; length > 1 && at[length] != ' ';) length--;
    unsigned w = (unsigned)XTextWidth(font, at, length);
    Pixmap dots = XCreatePixmap(display, window, w, (unsigned)line, 1);
    GC ink = XCreateGC(display, dots, 0, NULL);
    XFillRectangle(display, dots, ink, 0, 0, w, (unsigned)line);
    XSetForeground(display, ink, 1);
    XSetFont(display, ink, font->fid);
    XDrawString(display, dots, ink, 0, font->ascent, at, length);
    XImage *image = XGetImage(display, dots, 0, 0, w, (unsigned)line, 1, XYPixmap);
    for (int row = 0; row < line; row++)
      for (int column = 0; column < (int)w; column++)
        if (XGetPixel(image, column, row)) fill(0xFFFFFF, (column + 4) * DOT, (y + row) * DOT, DOT, DOT);
    XDestroyImage(image);
    XFreeGC(display, ink);
    XFreePixmap(display, dots);
    for (at += length; *at == ' ';) at++;
  }
  XFreeFont(display, font);
}

static void draw_clock(uint32_t number, uint32_t milliseconds) {
  uint8_t bytes[8];
  clock_number = number, clock_milliseconds = milliseconds, has_clock = 1;
  for (int i = 0; i < 4; i++) {
    bytes[i] = (uint8_t)(number >> (24 - 8 * i));
    bytes[4 + i] = (uint8_t)(milliseconds >> (24 - 8 * i));
  }
  uint32_t rows[3] = {number, milliseconds, (uint32_t)crc16(bytes, 8) << 16 | MARK};
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 32; column++)
      fill(rows[row] >> (31 - column) & 1 ? 0xFFFFFF : 0, column * CELL, row * CELL, CELL, CELL);
}

static void renew_picture(void) {
  if (picture) XFreePixmap(display, picture);
  picture = XCreatePixmap(display, window, (unsigned)width, (unsigned)height,
                          (unsigned)depth);
  fill(background, 0, 0, width, height);
  draw_shapes();
  draw_text();
  // No picture is without its clock, however short.
  if (has_clock) draw_clock(clock_number, clock_milliseconds);
}

// One request a picture: nobody who captures can see half of it.
static void show(int w, int h) {
  XCopyArea(display, picture, window, pen, 0, 0, (unsigned)w, (unsigned)h, 0, 0);
  XSync(display, False);
}

static void set_cursor(void) {
  Pixmap square = XCreatePixmap(display, window, 16, 16, 1);
  GC ink = XCreateGC(display, square, 0, NULL);
  XSetForeground(display, ink, 1);
  XFillRectangle(display, square, ink, 0, 0, 16, 16);
  XColor white = {.red = 65535, .green = 65535, .blue = 65535};
  XDefineCursor(display, window, XCreatePixmapCursor(display, square, square, &white, &white, 4, 8));
}

static int obey(void) {
  char line[200];
  int a, b;
  unsigned long color;
  if (!fgets(line, sizeof line, stdin)) return 0;
  if (sscanf(line, "move %d %d", &a, &b) == 2) XMoveWindow(display, window, a, b);
  else if (sscanf(line, "resize %d %d", &a, &b) == 2) XResizeWindow(display, window, (unsigned)a, (unsigned)b);
  else if (!strncmp(line, "hide", 4)) XIconifyWindow(display, window, DefaultScreen(display));
  else if (!strncmp(line, "show", 4)) XMapWindow(display, window);
  else if (!strncmp(line, "quit", 4)) {
    XUnmapWindow(display, window);
    XSync(display, False);
    printf("gone %lld\n", (long long)(nanoseconds() / 1000000));
    exit(0);
  }
  else if (sscanf(line, "color %lx", &color) == 1) {
    background = color;
    renew_picture();
    show(width, height);
  }
  XSync(display, False);
  return 1;
}

int main(int count, char **arguments) {
  const char *title = "testcard", *class = "Testcard", *log_path = NULL;
  int x = 0, y = 0, bare = 0, full = 0, clock = 0, flash = 0, cursor = 0, input = 1;
  double fps = 30;
  uint32_t frames = 0, number = 0;
  for (int i = 1; i < count; i++) {
    const char *name = arguments[i], *value = i + 1 < count ? arguments[i + 1] : "";
    unsigned w = (unsigned)width, h = (unsigned)height;
    if (!strcmp(name, "--clock")) clock = 1;
    else if (!strcmp(name, "--flash")) flash = 1;
    else if (!strcmp(name, "--bare")) bare = 1;
    else if (!strcmp(name, "--fullscreen")) full = bare = 1;
    else if (!strcmp(name, "--cursor")) cursor = 1;
    else if (i++, !strcmp(name, "--geometry")) XParseGeometry(value, &x, &y, &w, &h), width = (int)w, height = (int)h;
    else if (!strcmp(name, "--color")) background = strtoul(value, NULL, 16);
    else if (!strcmp(name, "--alpha")) alpha = strtoul(value, NULL, 16), depth = 32;
    else if (!strcmp(name, "--text")) text = value;
    else if (!strcmp(name, "--circle")) disc = strtol(value, NULL, 16);
    else if (!strcmp(name, "--square")) square = strtol(value, NULL, 16);
    else if (!strcmp(name, "--title")) title = value;
    else if (!strcmp(name, "--class")) class = value;
    else if (!strcmp(name, "--fps")) fps = atof(value);
    else if (!strcmp(name, "--frames")) frames = (uint32_t)atol(value);
    else if (!strcmp(name, "--log")) log_path = value;
    else return fprintf(stderr, "testcard: unknown option %s\n", name), 64;
  }
  if (!(display = XOpenDisplay(NULL))) return fprintf(stderr, "testcard: no display\n"), 1;
  FILE *log = log_path ? fopen(log_path, "w") : NULL;
  if (full) width = DisplayWidth(display, DefaultScreen(display)), height = DisplayHeight(display, DefaultScreen(display));
  XSetWindowAttributes attributes = {.override_redirect = bare, .event_mask = ExposureMask | StructureNotifyMask};
  Visual *visual = CopyFromParent;
  unsigned long chosen = CWOverrideRedirect | CWEventMask;
  XVisualInfo info;
  if (depth == 32 && XMatchVisualInfo(display, DefaultScreen(display), 32, TrueColor, &info)) {
    visual = info.visual;
    attributes.colormap = XCreateColormap(display, DefaultRootWindow(display), visual, AllocNone);
    chosen |= CWColormap | CWBorderPixel | CWBackPixel;
  } else depth = DefaultDepth(display, DefaultScreen(display));
  window = XCreateWindow(display, DefaultRootWindow(display), x, y, (unsigned)width, (unsigned)height, 0, depth, InputOutput,
                         visual, chosen, &attributes);
  Xutf8SetWMProperties(display, window, title, title, NULL, 0,
                       &(XSizeHints){.flags = USPosition | USSize, .x = x, .y = y, .width = width, .height = height}, NULL,
                       &(XClassHint){"testcard", (char *)class});
  XChangeProperty(display, window, XInternAtom(display, "_NET_WM_NAME", False), XInternAtom(display, "UTF8_STRING", False),
                  8, PropModeReplace, (const unsigned char *)title, (int)strlen(title));
  pen = XCreateGC(display, window, 0, NULL);
  XSetGraphicsExposures(display, pen, False);
  if (cursor) set_cursor();
  renew_picture();
  XMapWindow(display, window);

  setvbuf(stdin, NULL, _IONBF, 0);
  int is_ready = 0;
  int64_t step = (int64_t)(1e9 / fps), next = 0;
  for (;;) {
    while (XPending(display)) {
      XEvent event;
      XNextEvent(display, &event);
      if (event.type == ConfigureNotify && (event.xconfigure.width != width || event.xconfigure.height != height)) {
        width = event.xconfigure.width, height = event.xconfigure.height;
        renew_picture();
        show(width, height);
      }
      if (event.type == Expose) show(width, height);
      if (event.type == Expose && !is_ready) {
        is_ready = 1;
        next = nanoseconds();
        printf("ready %lu\ndrawn %lld\n", window, (long long)(next / 1000000));
        fflush(stdout);
      }
    }
    int64_t now = nanoseconds();
    if (is_ready && clock && now >= next) {
      if (frames && number == frames) clock = 0;
      uint32_t milliseconds = (uint32_t)(now / 1000000);
      if (flash) fill(number * 0x3A5D71 & 0xFFFFFF, 0, 0, width, height);
      draw_clock(number, milliseconds);
      show(flash ? width : 32 * CELL, flash ? height : 3 * CELL);
      if (log) fprintf(log, "%u %u %u\n", number, milliseconds, (uint32_t)(nanoseconds() / 1000000)), fflush(log);
      number++;
      // Late: it does not catch up.
      next = next + step > now ? next + step : now + step;
    }
    struct pollfd sources[] = {{ConnectionNumber(display), POLLIN, 0}, {input ? 0 : -1, POLLIN, 0}};
    int wait = -1;
    if (is_ready && clock) wait = next > now ? (int)((next - now + 999999) / 1000000) : 0;
    if (!XPending(display)) poll(sources, 2, wait);
    if (input && sources[1].revents) input = obey();
  }
}
