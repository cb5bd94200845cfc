#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Video from PipeWire for Swift: a connection with at most one stream, on a thread of its own.
//
// PipeWire's interface is made of macros, and structures whose addresses must not move; all of that stays in C. Nothing
// is linked: the library is loaded when the first connection is made, so that the program runs where there is none.

/// How a pixel lies in memory, named by the bytes in their order; the last four are 32-bit numbers, lowest byte first.
enum cpipewire_pixels {
  CPIPEWIRE_BGRX,
  CPIPEWIRE_BGRA,
  CPIPEWIRE_RGBX,
  CPIPEWIRE_RGBA,
  CPIPEWIRE_XRGB,
  CPIPEWIRE_ARGB,
  CPIPEWIRE_XBGR,
  CPIPEWIRE_ABGR,
  CPIPEWIRE_BGR,
  CPIPEWIRE_RGB,
  /// Two bits unused or alpha, then ten of red, green and blue from the highest bit on.
  CPIPEWIRE_XRGB_210,
  CPIPEWIRE_ARGB_210,
  /// The same with blue first.
  CPIPEWIRE_XBGR_210,
  CPIPEWIRE_ABGR_210,
};

enum cpipewire_state {
  CPIPEWIRE_CONNECTING,
  CPIPEWIRE_PAUSED,
  CPIPEWIRE_STREAMING,
  /// The stream will not come back; the reason is given.
  CPIPEWIRE_FAILED,
  /// The daemon closed the connection: nothing more will come.
  CPIPEWIRE_DISCONNECTED,
};

struct cpipewire_region {
  int32_t x, y;
  uint32_t width, height;
};

/// What the producer says about the pointer.
struct cpipewire_cursor {
  /// Whether it is on the picture.
  bool is_visible;
  int32_t x, y;
  /// Whether a new shape comes along; a shape of no size is invisible.
  bool has_shape;
  int32_t hot_x, hot_y;
  uint32_t width, height;
  int32_t stride;
  uint32_t pixels;
  const uint8_t *_Nullable bytes;
  size_t byte_count;
};

/// A buffer that came from the producer, lent for the time of the call. Nothing in it is to be trusted.
struct cpipewire_picture {
  /// The memory from the first pixel on, readable for `byte_count` bytes; NULL when only the pointer has news.
  const uint8_t *_Nullable bytes;
  size_t byte_count;
  /// Bytes from a row to the next; 0 when the producer does not say.
  int32_t stride;
  uint32_t pixels;
  uint32_t width, height;
  bool has_crop;
  struct cpipewire_region crop;
  /// How the picture is turned: 0 to 3 quarter turns counter-clockwise, plus 4 when it was mirrored before.
  uint32_t transform;
  /// What changed since the buffer before; -1 regions when the producer does not say.
  int32_t damage_count;
  struct cpipewire_region damage[16];
  /// When it was drawn, in nanoseconds of CLOCK_MONOTONIC; below 0 when the producer does not say.
  int64_t time;
  /// How many buffers were lost since the one before, as far as one can tell.
  uint64_t lost;
  bool has_cursor;
  struct cpipewire_cursor cursor;
};

/// What happens, told on the connection's thread with its lock held. None of these may close the connection.
struct cpipewire_events {
  /// All nodes that existed when the connection was made have been told.
  void (*_Nonnull ready)(void *_Nonnull context);
  /// A node appeared; `name` and the others may be empty.
  void (*_Nonnull node)(
      void *_Nonnull context, uint32_t id, const char *_Nonnull name, const char *_Nonnull description,
      const char *_Nonnull media_class);
  /// A node or something else with this number has gone.
  void (*_Nonnull gone)(void *_Nonnull context, uint32_t id);
  /// The stream's state changed; `reason` is empty where there is none.
  void (*_Nonnull state)(void *_Nonnull context, enum cpipewire_state state, const char *_Nonnull reason);
  /// Producer and consumer agreed on a format, or on another one; often told more than once.
  void (*_Nonnull format)(void *_Nonnull context, uint32_t pixels, uint32_t width, uint32_t height, bool is_dmabuf);
  /// A good buffer came.
  void (*_Nonnull picture)(void *_Nonnull context, const struct cpipewire_picture *_Nonnull picture);
  /// The time of `cpipewire_wake` has come.
  void (*_Nonnull woke)(void *_Nonnull context);
};

typedef struct cpipewire_connection cpipewire_connection;

/// Loads the library. Returns -1 when it is missing, with a reason in `reason`, and may be tried again.
int cpipewire_load(char *_Nonnull reason, size_t size);

/// The version of the library that was loaded, as "0.3.65".
const char *_Nonnull cpipewire_version(void);

/// Connects through a socket, which belongs to the connection from now on, also on failure.
///
/// NULL on failure, with errno set. `events` and `context` must outlive the connection; events begin before this returns.
cpipewire_connection *_Nullable cpipewire_open(
    int socket, const struct cpipewire_events *_Nonnull events, void *_Nonnull context);

/// Starts the stream of a node, at most `rate` pictures a second where the producer heeds that; negative errno on failure.
///
/// May be called by any thread, once for each connection.
int cpipewire_play(cpipewire_connection *_Nonnull connection, uint32_t node, uint32_t rate);

/// Asks for `woke` in so many nanoseconds, in place of an earlier wish; 0 takes the wish back. Any thread may call it.
void cpipewire_wake(cpipewire_connection *_Nonnull connection, uint64_t nanoseconds);

/// Closes the connection and its stream, after events that are being told; never call it from one of them.
///
/// When it returns, the producer has been told that nobody watches any more.
void cpipewire_close(cpipewire_connection *_Nonnull connection);
