#include "loader.h"

#include <CLibrary.h>

// Every function of the library that highlight.cpp calls, by the name that the linker knows it by (the linker says so when
// one is missing): each jumps to what dlopen found. They are C++, so that no prototype could be written here; a jump leaves
// every argument and every exception as it is.
#define STRING "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
#define FUNCTIONS(F) \
  F(0, "_ZN9srchilite9FormatterC2Ev") \
  F(1, "_ZN9srchilite9FormatterD2Ev") \
  F(2, "_ZN9srchilite14LangDefManagerC1EPNS_20HighlightRuleFactoryE") \
  F(3, "_ZN9srchilite14LangDefManagerD1Ev") \
  F(4, "_ZN9srchilite14LangDefManager17getHighlightStateERK" STRING "S8_") \
  F(5, "_ZN9srchilite16FormatterManagerC1EN5boost10shared_ptrINS_9FormatterEEE") \
  F(6, "_ZN9srchilite16FormatterManagerD1Ev") \
  F(7, "_ZN9srchilite16FormatterManager12addFormatterERK" STRING "N5boost10shared_ptrINS_9FormatterEEE") \
  F(8, "_ZN9srchilite16RegexRuleFactoryC1Ev") \
  F(9, "_ZN9srchilite17SourceHighlighterC1EN5boost10shared_ptrINS_14HighlightStateEEE") \
  F(10, "_ZN9srchilite17SourceHighlighterD1Ev") \
  F(11, "_ZN9srchilite17SourceHighlighter18highlightParagraphERK" STRING)

#if defined(__x86_64__)
#define JUMP(slot) "jmp *" slot "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP(slot) "adrp x16, " slot "\nldr x16, [x16, :lo12:" slot "]\nbr x16\n"
#else
#error "Add a jump through a pointer for this processor."
#endif

#define FORWARD(number, name) \
  __attribute__((visibility("hidden"))) void *csourcehighlight_function_##number; \
  __asm__(".text\n.p2align 4\n.globl " name "\n.hidden " name "\n.type " name ", @function\n" name ":\n" JUMP( \
      "csourcehighlight_function_" #number) ".size " name ", .-" name "\n");

FUNCTIONS(FORWARD)

#define ENTRY(number, name) {name, &csourcehighlight_function_##number},

static struct clibrary library = {
    .sonames = CLIBRARY_SONAMES("libsource-highlight.so.4"),
    .functions = (const struct clibrary_function[]){FUNCTIONS(ENTRY){NULL, NULL}},
};

int csourcehighlight_load(void) { return clibrary_load(&library, NULL, 0); }
