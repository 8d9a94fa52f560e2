/*
 * image.h - names of container images: "registry:5000/team/web:1.2@sha256:…".
 */
#pragma once

#include "patch/objects.h"

/* What an image becomes. Empty texts leave that part as it is. */
typedef struct ImageChange {
    Str name, new_name, new_tag, tag_suffix, digest;
} ImageChange;

/* Change *V, a text, if it is an image of that name. */
Error *image_change(Arena *a, const ImageChange *change, Value *v) MUST_CHECK;

/* The same for all images in `containers` and `initContainers`, wherever they are in V. */
Error *image_change_all(Arena *a, const ImageChange *change, Value *v) MUST_CHECK;
