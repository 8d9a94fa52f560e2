/*
 * xml.h - texts out of XML that a program has written: the answers of S3 and STS.
 *
 * That is all it is for: elements are found by name wherever they are, prefixes and attributes do
 * not count, nothing is validated, and no document makes it read anything else.
 */
#pragma once

#include "base/str.h"

/*
 * The text of the first element in *REST that is called NAME and has no elements in it; *REST
 * becomes what follows it. False, and nothing is changed, where there is none.
 */
bool xml_next(Arena *a, Str *rest, const char *name, Str *text);

/* The text of the first element called NAME in XML; empty where there is none. */
Str xml_text(Arena *a, Str xml, const char *name);
