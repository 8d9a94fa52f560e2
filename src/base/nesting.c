#include "base/nesting.h"

#include "base/stack.h"

static const void *address_of(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_LIST:
        return v.list.items;
    case VALUE_MAP:
        return v.map;
    case VALUE_OBJECT:
        return v.object;
    default:
        return NULL;
    }
}

bool nesting_enter(Nesting *here, const Nesting *outer, Value v)
{
    *here = (Nesting){outer, address_of(v), outer ? outer->depth + 1 : 1};
    if (here->depth > NESTING_MOST || stack_low())
        return false;
    if (here->depth <= NESTING_UNWATCHED || !here->inside)
        return true;
    while (outer && outer->inside != here->inside)
        outer = outer->outer;
    return !outer;
}
