/*
 * field.h - the fields of objects, which base has: for this folder's many files.
 */
#pragma once

#include "base/field.h"
