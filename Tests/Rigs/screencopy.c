// screencopy.so: lets xdg-desktop-portal-wlr 0.7.0 cast a screen without a graphics card; preloaded by wayland-session.
//
// That version starts a cast only if the compositor offers a DMA-BUF format as well as shared memory: it compares the
// version of the portal, 4, with what screencopy had to be (src/screencast/screencast.c:200, issue 289). So this reports
// one more format to it. Without linux-dmabuf it has no modifiers to offer, and shared memory is what gets negotiated.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct wl_proxy;
extern const char *wl_proxy_get_class(struct wl_proxy *proxy);

struct frame_listener {
  void (*buffer)(void *data, void *frame, uint32_t format, uint32_t width, uint32_t height, uint32_t stride);
  void (*flags)(void), (*ready)(void), (*failed)(void), (*damage)(void);
  void (*linux_dmabuf)(void *data, void *frame, uint32_t format, uint32_t width, uint32_t height);
  void (*buffer_done)(void);
};

static struct frame_listener theirs, ours;

// The programs that it starts are not to be led through here.
__attribute__((constructor)) static void start(void) { unsetenv("LD_PRELOAD"); }

static void buffer(void *data, void *frame, uint32_t format, uint32_t width, uint32_t height, uint32_t stride) {
  const uint32_t xrgb = 0x34325258;
  if (theirs.linux_dmabuf) theirs.linux_dmabuf(data, frame, xrgb, width, height);
  theirs.buffer(data, frame, format, width, height, stride);
}

int wl_proxy_add_listener(struct wl_proxy *proxy, void (**listener)(void), void *data) {
  int (*next)(struct wl_proxy *, void (**)(void), void *) = dlsym(RTLD_NEXT, "wl_proxy_add_listener");
  if (!strcmp(wl_proxy_get_class(proxy), "zwlr_screencopy_frame_v1")) {
    memcpy(&theirs, listener, sizeof theirs);
    ours = theirs;
    ours.buffer = buffer;
    listener = (void (**)(void))(void *)&ours;
  }
  return next(proxy, listener, data);
}
