/*
 * record_text.h - records as the texts of entries, and back.
 *
 * An entry is one JSON object with helm's names where helm has the field. Its first line has all
 * but config, hooks and manifest, which follow on lines of their own, as far as they are in it:
 *
 *     {"chart":{…},"info":{…},"name":"web","namespace":"shop","relfile":{"format":2,…},"version":3,
 *     "config":{…},
 *     "hooks":[…],
 *     "manifest":"…"}
 *
 * It is read as any JSON is, however it is laid out; a first line like this only saves time.
 * Source: helm, pkg/release/v1.
 */
#pragma once

#include "state/record.h"

/*
 * The entry TEXT as a map. FILE is for messages. ERROR_INPUT where it is no record of ours, or not
 * what relfile wrote: relfile.checksum, the SHA-256 of the text with zeros in its place, tells.
 */
Error *record_parse(Arena *a, const char *file, Str text, ValueMap **out) MUST_CHECK;

/* The same where helm has written it, or may have. */
Error *record_parse_helm(Arena *a, const char *file, Str text, ValueMap **out) MUST_CHECK;

/* TEXT, or the first line of it, as a map: the same without config, hooks and manifest. */
Error *record_parse_head(Arena *a, const char *file, Str text, ValueMap **out) MUST_CHECK;

/* The record that MAP holds, or a summary of it; what is in it is MAP's. It has no version yet. */
Error *record_decode(Arena *a, const char *file, const ValueMap *map, bool summary, Record *out)
    MUST_CHECK;

/* The same, whatever its checksum is. */
Error *record_parse_changed(Arena *a, const char *file, Str text, ValueMap **out) MUST_CHECK;

/*
 * RECORD as a map. OLD is what the entry holds until now, or NULL: its other fields stay, and those
 * that a summary does not have.
 */
Error *record_encode(Arena *a, const Record *record, const ValueMap *old, ValueMap **out)
    MUST_CHECK;

/*
 * The text of MAP, a record. helm keeps no checksum up to date, so what it may write HAS_CHECKSUM
 * not.
 */
Error *record_lay_out(Arena *a, ValueMap *map, bool has_checksum, Str *out) MUST_CHECK;

/* The format that MAP, a record of ours, is written in; and the one that we write. */
int64_t record_format_of(const ValueMap *map);
extern const int64_t record_format;
