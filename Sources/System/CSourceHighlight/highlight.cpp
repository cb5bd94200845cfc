#include "CSourceHighlight.h"
#include "loader.h"

#include <srchilite/formatter.h>
#include <srchilite/formattermanager.h>
#include <srchilite/formatterparams.h>
#include <srchilite/highlightstate.h>
#include <srchilite/langdefmanager.h>
#include <srchilite/regexrulefactory.h>
#include <srchilite/sourcehighlighter.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <mutex>
#include <string>
#include <vector>

using srchilite::HighlightStatePtr;
using srchilite::HighlightStateStack;

struct csourcehighlight_language {
  HighlightStatePtr beginning;
};

struct csourcehighlight_state {
  HighlightStatePtr current;
  HighlightStateStack stack;
};

namespace {

// The parser of definitions and the regular expressions keep things in globals.
std::mutex lock;

typedef std::vector<csourcehighlight_piece> Pieces;

// Collects what one kind of element is given.
class Collector : public srchilite::Formatter {
 public:
  Collector(csourcehighlight_kind kind, Pieces &pieces, std::string &text) : kind(kind), pieces(pieces), text(text) {}

  void format(const std::string &part, const srchilite::FormatterParams *) override {
    if (part.empty()) return;
    text += part;
    if (!pieces.empty() && pieces.back().kind == kind) {
      pieces.back().length += part.size();
    } else {
      pieces.push_back({part.size(), kind});
    }
  }

 private:
  csourcehighlight_kind kind;
  Pieces &pieces;
  std::string &text;
};

// The elements of the library's definitions, by what they are to the eye.
const struct {
  const char *element;
  csourcehighlight_kind kind;
} elements[] = {
    {"keyword", csourcehighlight_keyword},      {"string", csourcehighlight_string},
    {"regexp", csourcehighlight_string},        {"specialchar", csourcehighlight_string},
    {"value", csourcehighlight_string},         {"path", csourcehighlight_string},
    {"url", csourcehighlight_string},           {"comment", csourcehighlight_comment},
    {"number", csourcehighlight_number},        {"math", csourcehighlight_number},
    {"atom", csourcehighlight_number},          {"type", csourcehighlight_type},
    {"usertype", csourcehighlight_type},        {"classname", csourcehighlight_type},
    {"section", csourcehighlight_type},         {"function", csourcehighlight_function},
    {"predef_func", csourcehighlight_function}, {"variable", csourcehighlight_name},
    {"predef_var", csourcehighlight_name},      {"selector", csourcehighlight_type},
    {"property", csourcehighlight_keyword},     {"attribute", csourcehighlight_name},
    {"label", csourcehighlight_meta},           {"preproc", csourcehighlight_meta},
    {"todo", csourcehighlight_meta},            {"symbol", csourcehighlight_symbol},
    {"cbracket", csourcehighlight_symbol},      {"paren", csourcehighlight_symbol},
    {"newfile", csourcehighlight_added},        {"oldfile", csourcehighlight_removed},
    {"difflines", csourcehighlight_meta},
};

// Everything that reading a line takes, made once.
class Machine {
 public:
  Machine() : manager(srchilite::FormatterPtr(new Collector(csourcehighlight_plain, pieces, text))) {
    for (const auto &entry : elements) {
      manager.addFormatter(entry.element, srchilite::FormatterPtr(new Collector(entry.kind, pieces, text)));
    }
  }

  Pieces pieces;
  std::string text;
  srchilite::FormatterManager manager;
  srchilite::FormatterParams parameters;
};

Machine &machine() {
  // Never destroyed: lines may be read while the process ends.
  static Machine *made = new Machine;
  return *made;
}

}  // namespace

bool csourcehighlight_is_there(void) { return csourcehighlight_load() == 0; }

csourcehighlight_language *csourcehighlight_read(const char *directory, const char *file) {
  if (csourcehighlight_load() != 0) return nullptr;
  std::lock_guard<std::mutex> guard(lock);
  try {
    // What opens no file ends the process in some versions of the library.
    if (access((std::string(directory) + "/" + file).c_str(), R_OK) != 0) return nullptr;
    // Never destroyed: what it makes refers to it.
    static srchilite::RegexRuleFactory *factory = new srchilite::RegexRuleFactory;
    srchilite::LangDefManager manager(factory);
    HighlightStatePtr beginning = manager.getHighlightState(directory, file);
    return beginning ? new csourcehighlight_language{beginning} : nullptr;
  } catch (...) {
    return nullptr;
  }
}

csourcehighlight_language *csourcehighlight_read_text(const char *directory, const char *text, size_t length) {
  int fd = memfd_create("language", MFD_CLOEXEC);
  if (fd < 0) return nullptr;
  // What a definition includes is looked for beside it, which is beside the file in memory.
  const std::string include = "\ninclude \"", folder = "../../.." + std::string(directory) + "/";
  std::string definition = "\n" + std::string(text, length);
  for (size_t at = 0; (at = definition.find(include, at)) != std::string::npos; at += include.size()) {
    definition.insert(at + include.size(), folder);
  }
  csourcehighlight_language *language = nullptr;
  if (write(fd, definition.data(), definition.size()) == (ssize_t)definition.size()) {
    language = csourcehighlight_read("/proc/self/fd", std::to_string(fd).c_str());
  }
  close(fd);
  return language;
}

size_t csourcehighlight_line(
    csourcehighlight_language *language, const csourcehighlight_state *before, const char *line, size_t length,
    csourcehighlight_piece *pieces, size_t limit, csourcehighlight_state **after) {
  std::lock_guard<std::mutex> guard(lock);
  *after = nullptr;
  try {
    Machine &tools = machine();
    tools.pieces.clear();
    tools.text.clear();
    srchilite::SourceHighlighter highlighter(language->beginning);
    highlighter.setFormatterManager(&tools.manager);
    highlighter.setFormatterParams(&tools.parameters);
    highlighter.setOptimize(false);
    if (before) {
      highlighter.setCurrentState(before->current);
      *highlighter.getStateStack() = before->stack;
    }
    const std::string source(line, length);
    highlighter.highlightParagraph(source);
    if (highlighter.getCurrentState() != language->beginning || !highlighter.getStateStack()->empty()) {
      *after = new csourcehighlight_state{highlighter.getCurrentState(), *highlighter.getStateStack()};
    }
    // What does not add up to the line is not shown in its place.
    if (tools.text != source || tools.pieces.size() > limit) return 0;
    memcpy(pieces, tools.pieces.data(), tools.pieces.size() * sizeof *pieces);
    return tools.pieces.size();
  } catch (...) {
    // An expression that took too long, for example; the next line begins afresh.
    return 0;
  }
}

void csourcehighlight_free(csourcehighlight_state *state) {
  std::lock_guard<std::mutex> guard(lock);
  delete state;
}
