/*
 * metaschemas.h - the schemas of schemas. A draft has one, and may have others beside it.
 */
#pragma once

#include "base/str.h"

/* Those of a draft are one after another, and the one that names the draft is the first. */
size_t metaschema_count(void);
int metaschema_draft(size_t i); /* 4, 6, 7, 2019 or 2020 */
Str metaschema_uri(size_t i);

/* In JSON. */
Str metaschema_text(Arena *a, size_t i);
