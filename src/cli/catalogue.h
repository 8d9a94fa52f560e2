/*
 * catalogue.h - the functions of templates, as `relfile help functions` tells them.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* All of them, by what they are about, at the end of B. */
void catalogue_write(Buf *b);

/* What there is to know of the function NAME, or method: ERROR_USAGE without one. */
Error *catalogue_write_one(Buf *b, const char *name) MUST_CHECK;
