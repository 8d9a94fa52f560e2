#include "templating/types.h"

#include "base/zone.h"

const char *type_of_parameter(char letter)
{
    switch (letter) {
    case 's':
        return "string";
    case 'b':
        return "bool";
    case 'i':
        return "int";
    case 'u':
        return "uint32";
    case 'f':
        return "float64";
    case 'l':
        return "[]interface {}";
    case 'm':
        return "map[string]interface {}";
    case 't':
        return "time.Time";
    case 'd':
        return "time.Duration";
    case 'z':
        return "*time.Location";
    case 'y':
        return "[]uint8";
    case 'c':
        return "sprig.certificate";
    case 'V':
        return "*semver.Version";
    case 'v':
        return "reflect.Value";
    case 'a':
        return "interface {}";
    default:
        BUG("no parameter takes '%c'", letter);
    }
}

/* Go assigns only what is of the very type; but a map type with a name passes for the plain one. */
bool type_takes(char letter, Value v)
{
    switch (letter) {
    case 's':
        return v.kind == VALUE_STRING;
    case 'b':
        return v.kind == VALUE_BOOL;
    case 'i':
        return v.kind == VALUE_INT && value_type_of(v) == TYPE_INT;
    case 'u':
        return v.kind == VALUE_UINT && v.type == TYPE_UINT32;
    case 'f':
        return v.kind == VALUE_FLOAT;
    case 'l':
        return v.kind == VALUE_LIST && value_type_of(v) == TYPE_LIST;
    case 'm':
        return v.kind == VALUE_MAP &&
               (value_type_of(v) == TYPE_MAP || value_type_of(v) == TYPE_VALUES);
    case 't':
        return time_of_value(v) != NULL;
    case 'd':
        return v.kind == VALUE_INT && v.type == TYPE_DURATION;
    case 'z':
        return v.kind == VALUE_OBJECT && v.object->type == &zone_object_type;
    case 'y':
        return v.kind == VALUE_BYTES;
    case 'c':
        return v.kind == VALUE_OBJECT && v.object->type == &template_certificate_type;
    case 'V':
        return v.kind == VALUE_OBJECT && v.object->type == &template_version_type;
    default:
        return true;
    }
}

bool type_nil(char letter, Value *out)
{
    switch (letter) {
    case 'a':
    case 'V':
        *out = value_null();
        return true;
    case 'v':
        *out = value_missing();
        return true;
    case 'l':
        *out = (Value){.kind = VALUE_LIST};
        return true;
    case 'm':
        *out = (Value){.kind = VALUE_MAP};
        return true;
    case 'y':
        *out = value_bytes((Str){0});
        return true;
    case 'z':
        *out = value_null();
        return true;
    default:
        return false;
    }
}
