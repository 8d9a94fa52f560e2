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
    case 'w':
        return "io.Writer";
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
               (value_type_of(v) == TYPE_MAP || value_type_of(v) == TYPE_VALUES ||
                v.type == TYPE_STATE_VALUES);
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
    case 'w':
        return false;
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

static const char *int_kind_name(Value v)
{
    switch (value_type_of(v)) {
    case TYPE_INT32:
        return "int32";
    case TYPE_INT64:
    case TYPE_DURATION:
        return "int64";
    default:
        return "int";
    }
}

const char *type_kind_name(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return "invalid";
    case VALUE_INT:
        return int_kind_name(v);
    case VALUE_BYTES:
    case VALUE_LIST:
        return "slice";
    case VALUE_MAP:
        return v.type == TYPE_STATE_VALUES ? "ptr" : "map";
    case VALUE_OBJECT:
        return v.object->type->name[0] == '*' ? "ptr" : "struct";
    default:
        return value_go_type(v);
    }
}

bool type_is_list(Value v)
{
    return v.kind == VALUE_LIST || v.kind == VALUE_BYTES;
}

size_t type_list_len(Value v)
{
    return v.kind == VALUE_LIST ? v.list.len : v.string.len;
}

Value type_list_item(Value v, size_t i)
{
    if (v.kind == VALUE_LIST)
        return v.list.items[i];
    return (Value){
        .kind = VALUE_UINT, .type = TYPE_UINT8, .natural = (unsigned char)v.string.ptr[i]};
}
