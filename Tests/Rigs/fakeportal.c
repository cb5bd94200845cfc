// fakeportal: an xdg-desktop-portal that does what a test wants, as backends do that no rig has. Run it through the script
// `fakeportal`, which compiles it.
//
//   --node N         the node of PipeWire that is shared      --socket PATH  where PipeWire is
//   --version N (5)  --kinds N (3)  --pointers N (7)          what ScreenCast says of itself
//   --decline M, --fail M, --mute M                           how the request M ends: answer 1, answer 2, none
//   --odd-path       request paths of its own choice, as portals before 0.9 have
//   --early          answers before the call itself is answered
//   --senseless      Start answers nonsense                   --picture FILE  there is a Screenshot portal, with that
//   --no-casts       there is no ScreenCast portal
//   --shortcuts N    there is a GlobalShortcuts portal of this version, which gives all keys
//   --keyless ID     but none for this shortcut              --refuse ID     and does not take this one
//
// Prints "ready 0", and each call as "METHOD name=value …". Reads commands: close (ends the session), quit, press ID (a
// shortcut), change ID TRIGGER (its key; the others are gone).
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#define NAME "org.freedesktop.portal."
#define PATH "/org/freedesktop/portal/desktop"

static sd_bus *bus;
static uint32_t node, version = 5, kinds = 3, pointers = 7;
static const char *pipewire_path = "", *decline = "", *fail = "", *mute = "", *keyless = "", *refuse = "", *picture;
static bool odd_path, early, senseless, no_casts;
static char session[256], token[64], session_token[64];
static int tokens, requests, shortcuts_version;
static char given[1024];  // "ID=KEY " of each shortcut

// Reads an a{sv}, keeps what counts and prints the rest of it.
static int read_options(sd_bus_message *message) {
  token[0] = 0;
  int status = sd_bus_message_enter_container(message, 'a', "{sv}");
  while (status >= 0 && (status = sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
    const char *key, *contents;
    char type;
    sd_bus_message_read(message, "s", &key);
    sd_bus_message_peek_type(message, &type, &contents);
    if (!strcmp(contents, "s")) {
      const char *text;
      sd_bus_message_read(message, "v", "s", &text);
      if (!strcmp(key, "handle_token")) snprintf(token, sizeof token, "%s", text);
      else if (!strcmp(key, "session_handle_token")) snprintf(session_token, sizeof session_token, "%s", text);
      else printf(" %s=%s", key, text);
    } else if (!strcmp(contents, "u") || !strcmp(contents, "b")) {
      uint32_t number = 0;
      int flag = 0;
      if (*contents == 'u') sd_bus_message_read(message, "v", "u", &number);
      else sd_bus_message_read(message, "v", "b", &flag);
      printf(" %s=%u", key, *contents == 'u' ? number : (uint32_t)flag);
    } else sd_bus_message_skip(message, "v");
    sd_bus_message_exit_container(message);
  }
  printf("\n");
  fflush(stdout);
  return sd_bus_message_exit_container(message);
}

static void append_text(sd_bus_message *message, const char *key, const char *text) {
  sd_bus_message_append(message, "{sv}", key, "s", text);
}

static void append_shortcuts(sd_bus_message *message, const char *list) {
  char copy[1024], *rest = copy;
  snprintf(copy, sizeof copy, "%s", list);
  sd_bus_message_open_container(message, 'a', "(sa{sv})");
  for (char *word; (word = strsep(&rest, "\n"));) {
    char *key = strchr(word, '=');
    if (!key) continue;
    *key++ = 0;
    sd_bus_message_append(message, "(sa{sv})", word, 1, "trigger_description", "s", key);
  }
  sd_bus_message_close_container(message);
}

// Reads an a(sa{sv}), prints it, and keeps what is given of it.
static void read_shortcuts(sd_bus_message *message) {
  given[0] = 0;
  sd_bus_message_enter_container(message, 'a', "(sa{sv})");
  while (sd_bus_message_enter_container(message, 'r', "sa{sv}") > 0) {
    const char *name, *trigger = "";
    sd_bus_message_read(message, "s", &name);
    sd_bus_message_enter_container(message, 'a', "{sv}");
    while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
      const char *key, *text;
      sd_bus_message_read(message, "s", &key);
      sd_bus_message_read(message, "v", "s", &text);
      if (!strcmp(key, "preferred_trigger")) trigger = text;
      sd_bus_message_exit_container(message);
    }
    sd_bus_message_exit_container(message);
    sd_bus_message_exit_container(message);
    printf(" %s=%s", name, trigger);
    size_t length = strlen(given);
    if (strcmp(name, refuse))
      snprintf(given + length, sizeof given - length, "%s=%s\n", name, strcmp(name, keyless) ? trigger : "");
  }
  sd_bus_message_exit_container(message);
}

static void append_results(sd_bus_message *response, const char *method) {
  sd_bus_message_open_container(response, 'a', "{sv}");
  if (!strcmp(method, "CreateSession")) append_text(response, "session_handle", session);
  if (!strcmp(method, "BindShortcuts")) {
    sd_bus_message_open_container(response, 'e', "sv");
    sd_bus_message_append(response, "s", "shortcuts");
    sd_bus_message_open_container(response, 'v', "a(sa{sv})");
    append_shortcuts(response, given);
    sd_bus_message_close_container(response);
    sd_bus_message_close_container(response);
  }
  if (!strcmp(method, "Screenshot")) {
    char address[512];
    snprintf(address, sizeof address, "file://%s", picture);
    append_text(response, "uri", address);
  }
  if (!strcmp(method, "Start") && senseless) append_text(response, "streams", "none");
  else if (!strcmp(method, "Start")) {
    char text[32];
    snprintf(text, sizeof text, "token-%d", ++tokens);
    append_text(response, "restore_token", text);
    sd_bus_message_append(
        response, "{sv}", "streams", "a(ua{sv})", 1, node, 2, "position", "(ii)", 0, 0, "source_type", "u", 1u);
  }
  sd_bus_message_close_container(response);
}

static void respond(const char *path, const char *receiver, const char *method) {
  if (!strcmp(mute, method)) return;
  uint32_t code = !strcmp(decline, method) ? 1 : !strcmp(fail, method) ? 2 : 0;
  sd_bus_message *response;
  sd_bus_message_new_signal(bus, &response, path, NAME "Request", "Response");
  sd_bus_message_set_destination(response, receiver);
  sd_bus_message_append(response, "u", code);
  if (code) sd_bus_message_append(response, "a{sv}", 0);
  else append_results(response, method);
  sd_bus_send(bus, response, NULL);
  sd_bus_message_unref(response);
}

static int on_request(sd_bus_message *message, void *data, sd_bus_error *error) {
  (void)data, (void)error;
  const char *method = sd_bus_message_get_member(message), *sender = sd_bus_message_get_sender(message), *text;
  printf("%s", method);
  if (!strcmp(method, "SelectSources") || !strcmp(method, "Start")) sd_bus_message_read(message, "o", &text);
  if (!strcmp(method, "BindShortcuts")) {
    sd_bus_message_read(message, "o", &text);
    read_shortcuts(message);
    sd_bus_message_read(message, "s", &text);
  }
  if (!strcmp(method, "Start") || !strcmp(method, "Screenshot")) sd_bus_message_read(message, "s", &text);
  read_options(message);
  char caller[64], path[256];
  snprintf(caller, sizeof caller, "%s", sender + 1);
  for (char *c = caller; *c; c++) if (*c == '.') *c = '_';
  if (!strcmp(method, "CreateSession")) snprintf(session, sizeof session, PATH "/session/%s/%s", caller, session_token);
  if (odd_path) snprintf(path, sizeof path, PATH "/request/odd/%d", ++requests);
  else snprintf(path, sizeof path, PATH "/request/%s/%s", caller, token);
  if (early) respond(path, sender, method);
  int status = sd_bus_reply_method_return(message, "o", path);
  if (!early) respond(path, sender, method);
  return status;
}

static int on_open(sd_bus_message *message, void *data, sd_bus_error *error) {
  (void)data, (void)error;
  printf("OpenPipeWireRemote\n");
  fflush(stdout);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", pipewire_path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) return -errno;
  int status = sd_bus_reply_method_return(message, "h", descriptor);
  close(descriptor);
  return status;
}

static int on_register(sd_bus_message *message, void *data, sd_bus_error *error) {
  (void)data, (void)error;
  const char *application;
  sd_bus_message_read(message, "s", &application);
  printf("Register %s\n", application);
  fflush(stdout);
  return sd_bus_reply_method_return(message, "");
}

static int on_close(sd_bus_message *message, void *data, sd_bus_error *error) {
  (void)data, (void)error;
  printf("Close %s\n", strstr(sd_bus_message_get_path(message), "/session/") ? "session" : "request");
  fflush(stdout);
  return sd_bus_reply_method_return(message, "");
}

static int get_number(
    sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *data,
    sd_bus_error *error) {
  (void)connection, (void)path, (void)data, (void)error;
  bool is_screenshot = strstr(interface, "Screenshot");
  uint32_t number = is_screenshot ? 2 : strstr(interface, "Shortcuts") ? (uint32_t)shortcuts_version : !strcmp(property, "version") ? version
      : !strcmp(property, "AvailableSourceTypes") ? kinds : pointers;
  return sd_bus_message_append(reply, "u", number);
}

static const sd_bus_vtable casts[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("CreateSession", "a{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("SelectSources", "oa{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Start", "osa{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("OpenPipeWireRemote", "oa{sv}", "h", on_open, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("version", "u", get_number, 0, 0),
    SD_BUS_PROPERTY("AvailableSourceTypes", "u", get_number, 0, 0),
    SD_BUS_PROPERTY("AvailableCursorModes", "u", get_number, 0, 0),
    SD_BUS_VTABLE_END,
};
static const sd_bus_vtable shortcuts[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("CreateSession", "a{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("BindShortcuts", "oa(sa{sv})sa{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("version", "u", get_number, 0, 0),
    SD_BUS_VTABLE_END,
};
static const sd_bus_vtable screenshots[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Screenshot", "sa{sv}", "o", on_request, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("version", "u", get_number, 0, 0),
    SD_BUS_VTABLE_END,
};
static const sd_bus_vtable registry[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Register", "sa{sv}", "", on_register, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};
static const sd_bus_vtable closable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Close", "", "", on_close, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static int find_any(
    sd_bus *connection, const char *path, const char *interface, void *data, void **found, sd_bus_error *error) {
  (void)connection, (void)path, (void)interface, (void)error;
  *found = data;
  return 1;
}

static void do_command(sd_event *loop, char *line) {
  if (!strcmp(line, "quit")) sd_event_exit(loop, 0);
  if (!strcmp(line, "close")) sd_bus_emit_signal(bus, session, NAME "Session", "Closed", "a{sv}", 0);
  if (!strncmp(line, "press ", 6))
    sd_bus_emit_signal(
        bus, PATH, NAME "GlobalShortcuts", "Activated", "osta{sv}", session, line + 6, (uint64_t)12345, 0);
  if (!strncmp(line, "change ", 7)) {
    sd_bus_message *signal;
    char *space = strchr(line + 7, ' ');
    if (space) *space = '=';
    sd_bus_message_new_signal(bus, &signal, PATH, NAME "GlobalShortcuts", "ShortcutsChanged");
    sd_bus_message_append(signal, "o", session);
    append_shortcuts(signal, line + 7);
    sd_bus_send(bus, signal, NULL);
    sd_bus_message_unref(signal);
  }
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *data) {
  (void)events, (void)data;
  sd_event *loop = sd_event_source_get_event(source);
  char lines[256], *rest = lines;
  ssize_t count = read(fd, lines, sizeof lines - 1);
  if (count <= 0) return sd_event_exit(loop, 0);
  lines[count] = 0;
  // Two commands may come at once.
  for (char *line; (line = strsep(&rest, "\n"));) do_command(loop, line);
  return 0;
}

int main(int count, char **words) {
  for (int i = 1; i < count; i++) {
    const char *word = words[i];
    if (!strcmp(word, "--odd-path")) odd_path = true;
    else if (!strcmp(word, "--early")) early = true;
    else if (!strcmp(word, "--senseless")) senseless = true;
    else if (!strcmp(word, "--no-casts")) no_casts = true;
    else if (++i == count) return 64;
    else if (!strcmp(word, "--node")) node = (uint32_t)atoi(words[i]);
    else if (!strcmp(word, "--version")) version = (uint32_t)atoi(words[i]);
    else if (!strcmp(word, "--kinds")) kinds = (uint32_t)atoi(words[i]);
    else if (!strcmp(word, "--pointers")) pointers = (uint32_t)atoi(words[i]);
    else if (!strcmp(word, "--socket")) pipewire_path = words[i];
    else if (!strcmp(word, "--decline")) decline = words[i];
    else if (!strcmp(word, "--fail")) fail = words[i];
    else if (!strcmp(word, "--shortcuts")) shortcuts_version = atoi(words[i]);
    else if (!strcmp(word, "--keyless")) keyless = words[i];
    else if (!strcmp(word, "--refuse")) refuse = words[i];
    else if (!strcmp(word, "--mute")) mute = words[i];
    else if (!strcmp(word, "--picture")) picture = words[i];
    else return 64;
  }
  sd_event *loop;
  if (sd_event_default(&loop) < 0 || sd_bus_open_user(&bus) < 0) return 1;
  if (picture) sd_bus_add_object_vtable(bus, NULL, PATH, NAME "Screenshot", screenshots, NULL);
  if (shortcuts_version) sd_bus_add_object_vtable(bus, NULL, PATH, NAME "GlobalShortcuts", shortcuts, NULL);
  if (!no_casts) sd_bus_add_object_vtable(bus, NULL, PATH, NAME "ScreenCast", casts, NULL);
  sd_bus_add_object_vtable(bus, NULL, PATH, "org.freedesktop.host.portal.Registry", registry, NULL);
  sd_bus_add_fallback_vtable(bus, NULL, PATH "/session", NAME "Session", closable, find_any, &requests);
  sd_bus_add_fallback_vtable(bus, NULL, PATH "/request", NAME "Request", closable, find_any, &requests);
  if (sd_bus_request_name(bus, NAME "Desktop", 0) < 0 || sd_bus_attach_event(bus, loop, 0) < 0) return 1;
  sd_event_add_io(loop, NULL, STDIN_FILENO, 1, on_input, NULL);
  printf("ready 0\n");
  fflush(stdout);
  sd_event_loop(loop);
  sd_bus_flush_close_unref(bus);
}
