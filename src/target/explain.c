#include "target/target.h"
Error *target_explain(Target *target, Arena *a, Value object, Str *out)
{
    (void)target;(void)a;(void)object;
    *out = STR("");
    return NULL;
}
