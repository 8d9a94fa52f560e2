#include "base/time.h"

const ValueObjectType time_object_type = {.name = "time.Time"};
