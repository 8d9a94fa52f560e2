/*
 * redact.h - texts that no output may show: what was decrypted, or fetched from where secrets are.
 *
 * One list for the whole process, as an output can be a log line that knows of no run; it only
 * grows. Any thread may add to it and ask. Where text leaves (errors, notes, progress, differences,
 * reports) it goes through redact(); who prints secrets because that is what was asked for
 * (`template`) does not.
 *
 * A text counts also where it is base64 (alone or as a part of something longer), escaped as in
 * JSON, or one line of what has several. Texts of less than 4 bytes are not kept, and neither
 * are true, false and null; those of less than 8 only count where no letter or digit is beside
 * them.
 */
#pragma once

#include "base/str.h"

void redact_add(Str secret);

/*
 * The same for messages only: what an object of kind Secret holds may be any word, and results show
 * such objects masked anyway.
 */
void redact_add_to_messages(Str secret);

/* TEXT, a message, with "(hidden)" for each secret in it; TEXT itself where there is none. */
Str redact(Arena *a, Str text);

/* The same of a result: differences, reports. */
Str redact_result(Arena *a, Str text);
