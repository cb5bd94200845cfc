// Xlib and the extensions that capture needs, with what Swift cannot import turned into small functions.
#pragma once

// Renamed for Swift readers: the domain has a Display, a Window and a Region of its own.
#define Display CX11Display
#define Window CX11Window
#define Region CX11Region

#include <X11/Xlib.h>
#include <X11/XKBlib.h>
#include <X11/Xutil.h>
#include <X11/Xatom.h>
#include <X11/cursorfont.h>
#include <X11/keysym.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xcomposite.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <X11/extensions/Xrandr.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <stdlib.h>
#include <string.h>

/// Frees an image and its pixels; for an image made by `cx11_shared_image` only the image, never the segment.
static inline void cx11_destroy_image(XImage *_Nonnull image) { XDestroyImage(image); }

/// A pixel of an image.
static inline unsigned long cx11_pixel(XImage *_Nonnull image, int x, int y) { return XGetPixel(image, x, y); }

/// The image again, with pixels of its own; NULL when memory is short. The caller destroys it.
static inline XImage *_Nullable cx11_copy_image(const XImage *_Nonnull image) {
  size_t byte_count = (size_t)image->bytes_per_line * (size_t)image->height;
  XImage *copy = (XImage *)malloc(sizeof(XImage));
  if (!copy) return NULL;
  *copy = *image;
  copy->obdata = NULL;
  copy->data = (char *)malloc(byte_count);
  if (!copy->data) {
    free(copy);
    return NULL;
  }
  memcpy(copy->data, image->data, byte_count);
  return copy;
}

/// An image whose pixels are the segment's first bytes; NULL when memory is short. The caller destroys it.
static inline XImage *_Nullable cx11_shared_image(
    Display *_Nonnull display, Visual *_Nullable visual, unsigned depth, XShmSegmentInfo *_Nonnull segment,
    unsigned width, unsigned height) {
  return XShmCreateImage(display, visual, depth, ZPixmap, segment->shmaddr, segment, width, height);
}

/// Makes a private segment and maps it into `segment`; 0, or -1 with errno set.
static inline int cx11_segment_map(XShmSegmentInfo *_Nonnull segment, size_t byte_count) {
  segment->shmid = shmget(IPC_PRIVATE, byte_count, IPC_CREAT | 0600);
  if (segment->shmid < 0) return -1;
  segment->shmaddr = (char *)shmat(segment->shmid, NULL, 0);
  if (segment->shmaddr == (char *)-1) {
    shmctl(segment->shmid, IPC_RMID, NULL);
    return -1;
  }
  segment->readOnly = False;
  return 0;
}

/// Marks the segment for removal: it then lives as long as somebody has it mapped, and no crash can leak it.
static inline void cx11_segment_forget(const XShmSegmentInfo *_Nonnull segment) {
  shmctl(segment->shmid, IPC_RMID, NULL);
}

/// Unmaps the segment from this process.
static inline void cx11_segment_unmap(const XShmSegmentInfo *_Nonnull segment) { shmdt(segment->shmaddr); }

/// The mask that selects all planes.
static inline unsigned long cx11_all_planes(void) { return AllPlanes; }

/// A descriptor that becomes readable with `eventfd_write`; closed on exec. Negative on failure.
static inline int cx11_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

#undef Display
#undef Window
#undef Region
