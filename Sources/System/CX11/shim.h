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
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <linux/memfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

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

/// Makes memory without a name, maps it into `segment` and sends the server its descriptor; -1 if that cannot be.
///
/// The server says later what it has against it. Such memory also reaches a server in another container, and its pages are
/// mapped many at a time. Xlib has no function for it, so it is asked through XCB, which Xlib itself runs on.
static inline int cx11_segment_send(
    Display *_Nonnull display, XShmSegmentInfo *_Nonnull segment, size_t byte_count) {
  struct sockaddr address;
  socklen_t address_size = sizeof address;
  int major, minor, opcode, event, error;
  Bool pixmaps;
  // Descriptors can be sent to a server on this machine only: others would lose the connection.
  if (getsockname(XConnectionNumber(display), &address, &address_size) != 0 || address.sa_family != AF_UNIX ||
      !XQueryExtension(display, "MIT-SHM", &opcode, &event, &error) ||
      !XShmQueryVersion(display, &major, &minor, &pixmaps) || (major == 1 && minor < 2) || major < 1) {
    return -1;
  }
  // Never closed: the one is small, and the other is Xlib's own.
  void *bridge = dlopen("libX11-xcb.so.1", RTLD_LAZY | RTLD_LOCAL);
  void *library = dlopen("libxcb.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!bridge || !library) return -1;
  xcb_connection_t *(*connection)(CX11Display *) = NULL;
  __typeof__(xcb_send_request_with_fds) *send = NULL;
  *(void **)&connection = dlsym(bridge, "XGetXCBConnection");
  *(void **)&send = dlsym(library, "xcb_send_request_with_fds");
  if (!connection || !send) return -1;

  int descriptor = (int)syscall(SYS_memfd_create, "picture", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  void *memory = MAP_FAILED;
  if (ftruncate(descriptor, (off_t)byte_count) == 0) {
    memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  if (memory == MAP_FAILED) {
    close(descriptor);
    return -1;
  }
  madvise(memory, byte_count, MADV_SEQUENTIAL);
  segment->shmseg = XAllocID(display);
  segment->shmid = -1;
  segment->shmaddr = (char *)memory;
  segment->readOnly = False;
  // ShmAttachFd: its number, the length (which XCB fills in), the segment, whether it is only read.
  uint8_t request[12] = {0, 6};
  uint32_t name = (uint32_t)segment->shmseg;
  memcpy(request + 4, &name, sizeof name);
  // The two parts before the first one are XCB's own.
  struct iovec parts[3] = {{NULL, 0}, {NULL, 0}, {request, sizeof request}};
  xcb_protocol_request_t kind = {1, NULL, (uint8_t)opcode, 1};
  // The descriptor is XCB's from here on.
  send(connection(display), 0, parts + 2, &kind, 1, &descriptor);
  return 0;
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
  // Read once from the start to the end: the kernel need not keep count of which pages were looked at.
  madvise(segment->shmaddr, byte_count, MADV_SEQUENTIAL);
  return 0;
}

/// Maps what the server has written in one go, where the kernel would do it page by page.
static inline void cx11_segment_populate(const XShmSegmentInfo *_Nonnull segment, size_t byte_count) {
#ifdef MADV_POPULATE_READ
  if (segment->shmid >= 0) madvise(segment->shmaddr, byte_count, MADV_POPULATE_READ);
#endif
}

/// Marks the segment for removal: it then lives as long as somebody has it mapped, and no crash can leak it.
static inline void cx11_segment_forget(const XShmSegmentInfo *_Nonnull segment) {
  if (segment->shmid >= 0) shmctl(segment->shmid, IPC_RMID, NULL);
}

/// Unmaps the segment from this process.
static inline void cx11_segment_unmap(const XShmSegmentInfo *_Nonnull segment, size_t byte_count) {
  if (segment->shmid >= 0) {
    shmdt(segment->shmaddr);
  } else {
    munmap(segment->shmaddr, byte_count);
  }
}

/// The mask that selects all planes.
static inline unsigned long cx11_all_planes(void) { return AllPlanes; }

/// A descriptor that becomes readable with `eventfd_write`; closed on exec. Negative on failure.
static inline int cx11_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

#undef Display
#undef Window
#undef Region
