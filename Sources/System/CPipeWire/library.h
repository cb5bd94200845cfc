#pragma once

// The functions of libpipewire that are called here: result, name, parameters, and these again as arguments.

#include <pipewire/pipewire.h>

#define PIPEWIRE(F) \
  F(void, pw_init, (int *count, char ***words), (count, words)) \
  F(void, pw_log_set_level, (enum spa_log_level level), (level)) \
  F(const char *, pw_get_library_version, (void), ()) \
  F(struct pw_thread_loop *, pw_thread_loop_new, (const char *name, const struct spa_dict *properties), \
    (name, properties)) \
  F(void, pw_thread_loop_destroy, (struct pw_thread_loop *loop), (loop)) \
  F(struct pw_loop *, pw_thread_loop_get_loop, (struct pw_thread_loop *loop), (loop)) \
  F(int, pw_thread_loop_start, (struct pw_thread_loop *loop), (loop)) \
  F(void, pw_thread_loop_stop, (struct pw_thread_loop *loop), (loop)) \
  F(void, pw_thread_loop_lock, (struct pw_thread_loop *loop), (loop)) \
  F(void, pw_thread_loop_unlock, (struct pw_thread_loop *loop), (loop)) \
  F(void, pw_thread_loop_signal, (struct pw_thread_loop *loop, bool waits), (loop, waits)) \
  F(int, pw_thread_loop_timed_wait, (struct pw_thread_loop *loop, int seconds), (loop, seconds)) \
  F(struct pw_context *, pw_context_new, (struct pw_loop *loop, struct pw_properties *properties, size_t size), \
    (loop, properties, size)) \
  F(void, pw_context_destroy, (struct pw_context *context), (context)) \
  F(struct pw_core *, pw_context_connect_fd, \
    (struct pw_context *context, int fd, struct pw_properties *properties, size_t size), \
    (context, fd, properties, size)) \
  F(int, pw_core_disconnect, (struct pw_core *core), (core)) \
  F(void, pw_proxy_destroy, (struct pw_proxy *proxy), (proxy)) \
  F(struct pw_properties *, pw_properties_new_dict, (const struct spa_dict *dict), (dict)) \
  F(struct pw_stream *, pw_stream_new, (struct pw_core *core, const char *name, struct pw_properties *properties), \
    (core, name, properties)) \
  F(void, pw_stream_destroy, (struct pw_stream *stream), (stream)) \
  F(void, pw_stream_add_listener, \
    (struct pw_stream *stream, struct spa_hook *hook, const struct pw_stream_events *events, void *data), \
    (stream, hook, events, data)) \
  F(int, pw_stream_connect, \
    (struct pw_stream *stream, enum pw_direction direction, uint32_t target, enum pw_stream_flags flags, \
     const struct spa_pod **params, uint32_t count), \
    (stream, direction, target, flags, params, count)) \
  F(int, pw_stream_update_params, (struct pw_stream *stream, const struct spa_pod **params, uint32_t count), \
    (stream, params, count)) \
  F(struct pw_buffer *, pw_stream_dequeue_buffer, (struct pw_stream *stream), (stream)) \
  F(int, pw_stream_queue_buffer, (struct pw_stream *stream, struct pw_buffer *buffer), (stream, buffer))
