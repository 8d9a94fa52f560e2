/*
 * texts.h - what of a record is large, or secret: in blobs (blob.h), which the record names.
 *
 *     "relfile":{"texts":{"config":"SHA256","manifest":"SHA256","rest":"SHA256"},…}
 *
 * and "sealed" beside it names the key that they are sealed with. config and manifest are what helm
 * calls so; rest is a map of "hooks" (a list of their manifests), "notes" and "random". A record
 * whose texts are in it is whole: as it is shown, copied, and was kept by format 1.
 */
#pragma once

#include "state/blob.h"
#include "state/record.h"

/*
 * Take the texts out of MAP, a record; what of them is not in it stays where it is. *OUT is what
 * they are called then, and BLOBS those that KNOWN does not name.
 */
Error *texts_take(StateStore *store, Arena *a, ValueMap *map, const RecordTexts *known,
                  RecordTexts *out, BlobList *blobs) MUST_CHECK;

/* Bring the texts that MAP, a record, names back into it. */
Error *texts_join(StateStore *store, Arena *a, ValueMap *map) MUST_CHECK;

/* What RELFILE, of a record, calls its texts. */
Error *texts_decode(const ValueMap *ours, RecordTexts *out) MUST_CHECK;
