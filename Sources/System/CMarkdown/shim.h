#pragma once
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <string.h>

// Extensions make their node types when they are registered, so that Swift could read them only as mutable globals.
static inline int cmarkdown_is(cmark_node *_Nonnull node, const char *_Nonnull type) {
    return strcmp(cmark_node_get_type_string(node), type) == 0;
}
