/*
 * metaschemas.c - the schemas of schemas, one for each draft, without titles and defaults. For
 * fewer backslashes, quotes are single here: metaschema_text makes them double.
 * Source: https://json-schema.org/specification-links
 */
#include "chart/schema/metaschemas.h"

static const struct {
    int draft;
    const char *uri, *text;
} metaschemas[] = {
    {4, "http://json-schema.org/draft-04/schema",
     "{'$schema':'http://json-schema.org/draft-04/schema#','definitions':{'schemaArray':{'"
     "type':'array','minItems':1,'items':{'$ref':'#'}},'positiveInteger':{'type':'integer'"
     ",'minimum':0},'positiveIntegerDefault0':{'allOf':[{'$ref':'#/definitions/positiveInt"
     "eger'},{}]},'simpleTypes':{'enum':['array','boolean','integer','null','number','obje"
     "ct','string']},'stringArray':{'type':'array','items':{'type':'string'},'minItems':1,"
     "'uniqueItems':true}},'type':'object','properties':{'id':{'type':'string','format':'u"
     "riref'},'$schema':{'type':'string','format':'uri'},'title':{'type':'string'},'descri"
     "ption':{'type':'string'},'default':{},'multipleOf':{'type':'number','minimum':0,'exc"
     "lusiveMinimum':true},'maximum':{'type':'number'},'exclusiveMaximum':{'type':'boolean"
     "'},'minimum':{'type':'number'},'exclusiveMinimum':{'type':'boolean'},'maxLength':{'$"
     "ref':'#/definitions/positiveInteger'},'minLength':{'$ref':'#/definitions/positiveInt"
     "egerDefault0'},'pattern':{'type':'string','format':'regex'},'additionalItems':{'anyO"
     "f':[{'type':'boolean'},{'$ref':'#'}],'default':{}},'items':{'anyOf':[{'$ref':'#'},{'"
     "$ref':'#/definitions/schemaArray'}],'default':{}},'maxItems':{'$ref':'#/definitions/"
     "positiveInteger'},'minItems':{'$ref':'#/definitions/positiveIntegerDefault0'},'uniqu"
     "eItems':{'type':'boolean'},'maxProperties':{'$ref':'#/definitions/positiveInteger'},"
     "'minProperties':{'$ref':'#/definitions/positiveIntegerDefault0'},'required':{'$ref':"
     "'#/definitions/stringArray'},'additionalProperties':{'anyOf':[{'type':'boolean'},{'$"
     "ref':'#'}],'default':{}},'definitions':{'type':'object','additionalProperties':{'$re"
     "f':'#'},'default':{}},'properties':{'type':'object','additionalProperties':{'$ref':'"
     "#'},'default':{}},'patternProperties':{'type':'object','additionalProperties':{'$ref"
     "':'#'},'default':{}},'dependencies':{'type':'object','additionalProperties':{'anyOf'"
     ":[{'$ref':'#'},{'$ref':'#/definitions/stringArray'}]}},'enum':{'type':'array','minIt"
     "ems':1,'uniqueItems':true},'type':{'anyOf':[{'$ref':'#/definitions/simpleTypes'},{'t"
     "ype':'array','items':{'$ref':'#/definitions/simpleTypes'},'minItems':1,'uniqueItems'"
     ":true}]},'allOf':{'$ref':'#/definitions/schemaArray'},'anyOf':{'$ref':'#/definitions"
     "/schemaArray'},'oneOf':{'$ref':'#/definitions/schemaArray'},'not':{'$ref':'#'},'form"
     "at':{'type':'string'},'$ref':{'type':'string'}},'dependencies':{'exclusiveMaximum':["
     "'maximum'],'exclusiveMinimum':['minimum']},'default':{}}"},
    {6, "http://json-schema.org/draft-06/schema",
     "{'$schema':'http://json-schema.org/draft-06/schema#','$id':'http://json-schema.org/d"
     "raft-06/schema#','definitions':{'schemaArray':{'type':'array','minItems':1,'items':{"
     "'$ref':'#'}},'nonNegativeInteger':{'type':'integer','minimum':0},'nonNegativeInteger"
     "Default0':{'allOf':[{'$ref':'#/definitions/nonNegativeInteger'},{}]},'simpleTypes':{"
     "'enum':['array','boolean','integer','null','number','object','string']},'stringArray"
     "':{'type':'array','items':{'type':'string'},'uniqueItems':true}},'type':['object','b"
     "oolean'],'properties':{'$id':{'type':'string','format':'uri-reference'},'$schema':{'"
     "type':'string','format':'uri'},'$ref':{'type':'string','format':'uri-reference'},'ti"
     "tle':{'type':'string'},'description':{'type':'string'},'default':{},'multipleOf':{'t"
     "ype':'number','exclusiveMinimum':0},'maximum':{'type':'number'},'exclusiveMaximum':{"
     "'type':'number'},'minimum':{'type':'number'},'exclusiveMinimum':{'type':'number'},'m"
     "axLength':{'$ref':'#/definitions/nonNegativeInteger'},'minLength':{'$ref':'#/definit"
     "ions/nonNegativeIntegerDefault0'},'pattern':{'type':'string','format':'regex'},'addi"
     "tionalItems':{'$ref':'#'},'items':{'anyOf':[{'$ref':'#'},{'$ref':'#/definitions/sche"
     "maArray'}],'default':{}},'maxItems':{'$ref':'#/definitions/nonNegativeInteger'},'min"
     "Items':{'$ref':'#/definitions/nonNegativeIntegerDefault0'},'uniqueItems':{'type':'bo"
     "olean'},'contains':{'$ref':'#'},'maxProperties':{'$ref':'#/definitions/nonNegativeIn"
     "teger'},'minProperties':{'$ref':'#/definitions/nonNegativeIntegerDefault0'},'require"
     "d':{'$ref':'#/definitions/stringArray'},'additionalProperties':{'$ref':'#'},'definit"
     "ions':{'type':'object','additionalProperties':{'$ref':'#'},'default':{}},'properties"
     "':{'type':'object','additionalProperties':{'$ref':'#'},'default':{}},'patternPropert"
     "ies':{'type':'object','additionalProperties':{'$ref':'#'},'default':{}},'dependencie"
     "s':{'type':'object','additionalProperties':{'anyOf':[{'$ref':'#'},{'$ref':'#/definit"
     "ions/stringArray'}]}},'propertyNames':{'$ref':'#'},'const':{},'enum':{'type':'array'"
     ",'minItems':1,'uniqueItems':true},'type':{'anyOf':[{'$ref':'#/definitions/simpleType"
     "s'},{'type':'array','items':{'$ref':'#/definitions/simpleTypes'},'minItems':1,'uniqu"
     "eItems':true}]},'format':{'type':'string'},'allOf':{'$ref':'#/definitions/schemaArra"
     "y'},'anyOf':{'$ref':'#/definitions/schemaArray'},'oneOf':{'$ref':'#/definitions/sche"
     "maArray'},'not':{'$ref':'#'}},'default':{}}"},
    {7, "http://json-schema.org/draft-07/schema",
     "{'$schema':'http://json-schema.org/draft-07/schema#','$id':'http://json-schema.org/d"
     "raft-07/schema#','definitions':{'schemaArray':{'type':'array','minItems':1,'items':{"
     "'$ref':'#'}},'nonNegativeInteger':{'type':'integer','minimum':0},'nonNegativeInteger"
     "Default0':{'allOf':[{'$ref':'#/definitions/nonNegativeInteger'},{}]},'simpleTypes':{"
     "'enum':['array','boolean','integer','null','number','object','string']},'stringArray"
     "':{'type':'array','items':{'type':'string'},'uniqueItems':true}},'type':['object','b"
     "oolean'],'properties':{'$id':{'type':'string','format':'uri-reference'},'$schema':{'"
     "type':'string','format':'uri'},'$ref':{'type':'string','format':'uri-reference'},'$c"
     "omment':{'type':'string'},'title':{'type':'string'},'description':{'type':'string'},"
     "'readOnly':{'type':'boolean'},'writeOnly':{'type':'boolean'},'examples':{'type':'arr"
     "ay','items':true},'multipleOf':{'type':'number','exclusiveMinimum':0},'maximum':{'ty"
     "pe':'number'},'exclusiveMaximum':{'type':'number'},'minimum':{'type':'number'},'excl"
     "usiveMinimum':{'type':'number'},'maxLength':{'$ref':'#/definitions/nonNegativeIntege"
     "r'},'minLength':{'$ref':'#/definitions/nonNegativeIntegerDefault0'},'pattern':{'type"
     "':'string','format':'regex'},'additionalItems':{'$ref':'#'},'items':{'anyOf':[{'$ref"
     "':'#'},{'$ref':'#/definitions/schemaArray'}]},'maxItems':{'$ref':'#/definitions/nonN"
     "egativeInteger'},'minItems':{'$ref':'#/definitions/nonNegativeIntegerDefault0'},'uni"
     "queItems':{'type':'boolean'},'contains':{'$ref':'#'},'maxProperties':{'$ref':'#/defi"
     "nitions/nonNegativeInteger'},'minProperties':{'$ref':'#/definitions/nonNegativeInteg"
     "erDefault0'},'required':{'$ref':'#/definitions/stringArray'},'additionalProperties':"
     "{'$ref':'#'},'definitions':{'type':'object','additionalProperties':{'$ref':'#'},'def"
     "ault':{}},'properties':{'type':'object','additionalProperties':{'$ref':'#'},'default"
     "':{}},'patternProperties':{'type':'object','additionalProperties':{'$ref':'#'},'prop"
     "ertyNames':{'format':'regex'},'default':{}},'dependencies':{'type':'object','additio"
     "nalProperties':{'anyOf':[{'$ref':'#'},{'$ref':'#/definitions/stringArray'}]}},'prope"
     "rtyNames':{'$ref':'#'},'const':true,'enum':{'type':'array','items':true,'minItems':1"
     ",'uniqueItems':true},'type':{'anyOf':[{'$ref':'#/definitions/simpleTypes'},{'type':'"
     "array','items':{'$ref':'#/definitions/simpleTypes'},'minItems':1,'uniqueItems':true}"
     "]},'format':{'type':'string'},'contentMediaType':{'type':'string'},'contentEncoding'"
     ":{'type':'string'},'if':{'$ref':'#'},'then':{'$ref':'#'},'else':{'$ref':'#'},'allOf'"
     ":{'$ref':'#/definitions/schemaArray'},'anyOf':{'$ref':'#/definitions/schemaArray'},'"
     "oneOf':{'$ref':'#/definitions/schemaArray'},'not':{'$ref':'#'}}}"},
    {2019, "https://json-schema.org/draft/2019-09/schema",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/schema','$recursiveAnchor':true,'allOf':[{'$ref':'meta/core'},{'$"
     "ref':'meta/applicator'},{'$ref':'meta/validation'},{'$ref':'meta/meta-data'},{'$ref'"
     ":'meta/format'},{'$ref':'meta/content'}],'type':['object','boolean'],'properties':{'"
     "definitions':{'type':'object','additionalProperties':{'$recursiveRef':'#'},'default'"
     ":{}},'dependencies':{'type':'object','additionalProperties':{'anyOf':[{'$recursiveRe"
     "f':'#'},{'$ref':'meta/validation#/$defs/stringArray'}]}}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/applicator",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/applicator','$recursiveAnchor':true,'type':['object','boolea"
     "n'],'properties':{'additionalItems':{'$recursiveRef':'#'},'unevaluatedItems':{'$recu"
     "rsiveRef':'#'},'items':{'anyOf':[{'$recursiveRef':'#'},{'$ref':'#/$defs/schemaArray'"
     "}]},'contains':{'$recursiveRef':'#'},'additionalProperties':{'$recursiveRef':'#'},'u"
     "nevaluatedProperties':{'$recursiveRef':'#'},'properties':{'type':'object','additiona"
     "lProperties':{'$recursiveRef':'#'},'default':{}},'patternProperties':{'type':'object"
     "','additionalProperties':{'$recursiveRef':'#'},'propertyNames':{'format':'regex'},'d"
     "efault':{}},'dependentSchemas':{'type':'object','additionalProperties':{'$recursiveR"
     "ef':'#'}},'propertyNames':{'$recursiveRef':'#'},'if':{'$recursiveRef':'#'},'then':{'"
     "$recursiveRef':'#'},'else':{'$recursiveRef':'#'},'allOf':{'$ref':'#/$defs/schemaArra"
     "y'},'anyOf':{'$ref':'#/$defs/schemaArray'},'oneOf':{'$ref':'#/$defs/schemaArray'},'n"
     "ot':{'$recursiveRef':'#'}},'$defs':{'schemaArray':{'type':'array','minItems':1,'item"
     "s':{'$recursiveRef':'#'}}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/content",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/content','$recursiveAnchor':true,'type':['object','boolean']"
     ",'properties':{'contentMediaType':{'type':'string'},'contentEncoding':{'type':'strin"
     "g'},'contentSchema':{'$recursiveRef':'#'}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/core",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/core','$recursiveAnchor':true,'type':['object','boolean'],'p"
     "roperties':{'$id':{'type':'string','format':'uri-reference','pattern':'^[^#]*#?$'},'"
     "$schema':{'type':'string','format':'uri'},'$anchor':{'type':'string','pattern':'^[A-"
     "Za-z][-A-Za-z0-9.:_]*$'},'$ref':{'type':'string','format':'uri-reference'},'$recursi"
     "veRef':{'type':'string','format':'uri-reference'},'$recursiveAnchor':{'type':'boolea"
     "n'},'$vocabulary':{'type':'object','propertyNames':{'type':'string','format':'uri'},"
     "'additionalProperties':{'type':'boolean'}},'$comment':{'type':'string'},'$defs':{'ty"
     "pe':'object','additionalProperties':{'$recursiveRef':'#'},'default':{}}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/format",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/format','$recursiveAnchor':true,'type':['object','boolean'],"
     "'properties':{'format':{'type':'string'}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/meta-data",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/meta-data','$recursiveAnchor':true,'type':['object','boolean"
     "'],'properties':{'title':{'type':'string'},'description':{'type':'string'},'deprecat"
     "ed':{'type':'boolean'},'readOnly':{'type':'boolean'},'writeOnly':{'type':'boolean'},"
     "'examples':{'type':'array','items':true}}}"},
    {2019, "https://json-schema.org/draft/2019-09/meta/validation",
     "{'$schema':'https://json-schema.org/draft/2019-09/schema','$id':'https://json-schema"
     ".org/draft/2019-09/meta/validation','$recursiveAnchor':true,'type':['object','boolea"
     "n'],'properties':{'multipleOf':{'type':'number','exclusiveMinimum':0},'maximum':{'ty"
     "pe':'number'},'exclusiveMaximum':{'type':'number'},'minimum':{'type':'number'},'excl"
     "usiveMinimum':{'type':'number'},'maxLength':{'$ref':'#/$defs/nonNegativeInteger'},'m"
     "inLength':{'$ref':'#/$defs/nonNegativeIntegerDefault0'},'pattern':{'type':'string','"
     "format':'regex'},'maxItems':{'$ref':'#/$defs/nonNegativeInteger'},'minItems':{'$ref'"
     ":'#/$defs/nonNegativeIntegerDefault0'},'uniqueItems':{'type':'boolean'},'maxContains"
     "':{'$ref':'#/$defs/nonNegativeInteger'},'minContains':{'$ref':'#/$defs/nonNegativeIn"
     "teger'},'maxProperties':{'$ref':'#/$defs/nonNegativeInteger'},'minProperties':{'$ref"
     "':'#/$defs/nonNegativeIntegerDefault0'},'required':{'$ref':'#/$defs/stringArray'},'d"
     "ependentRequired':{'type':'object','additionalProperties':{'$ref':'#/$defs/stringArr"
     "ay'}},'const':true,'enum':{'type':'array','items':true},'type':{'anyOf':[{'$ref':'#/"
     "$defs/simpleTypes'},{'type':'array','items':{'$ref':'#/$defs/simpleTypes'},'minItems"
     "':1,'uniqueItems':true}]}},'$defs':{'nonNegativeInteger':{'type':'integer','minimum'"
     ":0},'nonNegativeIntegerDefault0':{'$ref':'#/$defs/nonNegativeInteger'},'simpleTypes'"
     ":{'enum':['array','boolean','integer','null','number','object','string']},'stringArr"
     "ay':{'type':'array','items':{'type':'string'},'uniqueItems':true}}}"},
    {2020, "https://json-schema.org/draft/2020-12/schema",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/schema','$dynamicAnchor':'meta','allOf':[{'$ref':'meta/core'},{'$"
     "ref':'meta/applicator'},{'$ref':'meta/unevaluated'},{'$ref':'meta/validation'},{'$re"
     "f':'meta/meta-data'},{'$ref':'meta/format-annotation'},{'$ref':'meta/content'}],'typ"
     "e':['object','boolean'],'properties':{'definitions':{'type':'object','additionalProp"
     "erties':{'$dynamicRef':'#meta'},'deprecated':true,'default':{}},'dependencies':{'typ"
     "e':'object','additionalProperties':{'anyOf':[{'$dynamicRef':'#meta'},{'$ref':'meta/v"
     "alidation#/$defs/stringArray'}]},'deprecated':true,'default':{}},'$recursiveAnchor':"
     "{'$ref':'meta/core#/$defs/anchorString','deprecated':true},'$recursiveRef':{'$ref':'"
     "meta/core#/$defs/uriReferenceString','deprecated':true}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/applicator",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/applicator','$dynamicAnchor':'meta','type':['object','boolea"
     "n'],'properties':{'prefixItems':{'$ref':'#/$defs/schemaArray'},'items':{'$dynamicRef"
     "':'#meta'},'contains':{'$dynamicRef':'#meta'},'additionalProperties':{'$dynamicRef':"
     "'#meta'},'properties':{'type':'object','additionalProperties':{'$dynamicRef':'#meta'"
     "},'default':{}},'patternProperties':{'type':'object','additionalProperties':{'$dynam"
     "icRef':'#meta'},'propertyNames':{'format':'regex'},'default':{}},'dependentSchemas':"
     "{'type':'object','additionalProperties':{'$dynamicRef':'#meta'},'default':{}},'prope"
     "rtyNames':{'$dynamicRef':'#meta'},'if':{'$dynamicRef':'#meta'},'then':{'$dynamicRef'"
     ":'#meta'},'else':{'$dynamicRef':'#meta'},'allOf':{'$ref':'#/$defs/schemaArray'},'any"
     "Of':{'$ref':'#/$defs/schemaArray'},'oneOf':{'$ref':'#/$defs/schemaArray'},'not':{'$d"
     "ynamicRef':'#meta'}},'$defs':{'schemaArray':{'type':'array','minItems':1,'items':{'$"
     "dynamicRef':'#meta'}}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/content",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/content','$dynamicAnchor':'meta','type':['object','boolean']"
     ",'properties':{'contentEncoding':{'type':'string'},'contentMediaType':{'type':'strin"
     "g'},'contentSchema':{'$dynamicRef':'#meta'}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/core",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/core','$dynamicAnchor':'meta','type':['object','boolean'],'p"
     "roperties':{'$id':{'$ref':'#/$defs/uriReferenceString','pattern':'^[^#]*#?$'},'$sche"
     "ma':{'$ref':'#/$defs/uriString'},'$ref':{'$ref':'#/$defs/uriReferenceString'},'$anch"
     "or':{'$ref':'#/$defs/anchorString'},'$dynamicRef':{'$ref':'#/$defs/uriReferenceStrin"
     "g'},'$dynamicAnchor':{'$ref':'#/$defs/anchorString'},'$vocabulary':{'type':'object',"
     "'propertyNames':{'$ref':'#/$defs/uriString'},'additionalProperties':{'type':'boolean"
     "'}},'$comment':{'type':'string'},'$defs':{'type':'object','additionalProperties':{'$"
     "dynamicRef':'#meta'}}},'$defs':{'anchorString':{'type':'string','pattern':'^[A-Za-z_"
     "][-A-Za-z0-9._]*$'},'uriString':{'type':'string','format':'uri'},'uriReferenceString"
     "':{'type':'string','format':'uri-reference'}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/format-annotation",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/format-annotation','$dynamicAnchor':'meta','type':['object',"
     "'boolean'],'properties':{'format':{'type':'string'}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/meta-data",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/meta-data','$dynamicAnchor':'meta','type':['object','boolean"
     "'],'properties':{'title':{'type':'string'},'description':{'type':'string'},'deprecat"
     "ed':{'type':'boolean'},'readOnly':{'type':'boolean'},'writeOnly':{'type':'boolean'},"
     "'examples':{'type':'array','items':true}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/unevaluated",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/unevaluated','$dynamicAnchor':'meta','type':['object','boole"
     "an'],'properties':{'unevaluatedItems':{'$dynamicRef':'#meta'},'unevaluatedProperties"
     "':{'$dynamicRef':'#meta'}}}"},
    {2020, "https://json-schema.org/draft/2020-12/meta/validation",
     "{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://json-schema"
     ".org/draft/2020-12/meta/validation','$dynamicAnchor':'meta','type':['object','boolea"
     "n'],'properties':{'type':{'anyOf':[{'$ref':'#/$defs/simpleTypes'},{'type':'array','i"
     "tems':{'$ref':'#/$defs/simpleTypes'},'minItems':1,'uniqueItems':true}]},'const':true"
     ",'enum':{'type':'array','items':true},'multipleOf':{'type':'number','exclusiveMinimu"
     "m':0},'maximum':{'type':'number'},'exclusiveMaximum':{'type':'number'},'minimum':{'t"
     "ype':'number'},'exclusiveMinimum':{'type':'number'},'maxLength':{'$ref':'#/$defs/non"
     "NegativeInteger'},'minLength':{'$ref':'#/$defs/nonNegativeIntegerDefault0'},'pattern"
     "':{'type':'string','format':'regex'},'maxItems':{'$ref':'#/$defs/nonNegativeInteger'"
     "},'minItems':{'$ref':'#/$defs/nonNegativeIntegerDefault0'},'uniqueItems':{'type':'bo"
     "olean'},'maxContains':{'$ref':'#/$defs/nonNegativeInteger'},'minContains':{'$ref':'#"
     "/$defs/nonNegativeInteger'},'maxProperties':{'$ref':'#/$defs/nonNegativeInteger'},'m"
     "inProperties':{'$ref':'#/$defs/nonNegativeIntegerDefault0'},'required':{'$ref':'#/$d"
     "efs/stringArray'},'dependentRequired':{'type':'object','additionalProperties':{'$ref"
     "':'#/$defs/stringArray'}}},'$defs':{'nonNegativeInteger':{'type':'integer','minimum'"
     ":0},'nonNegativeIntegerDefault0':{'$ref':'#/$defs/nonNegativeInteger'},'simpleTypes'"
     ":{'enum':['array','boolean','integer','null','number','object','string']},'stringArr"
     "ay':{'type':'array','items':{'type':'string'},'uniqueItems':true}}}"},
};

size_t metaschema_count(void)
{
    return COUNT(metaschemas);
}

int metaschema_draft(size_t i)
{
    return metaschemas[i].draft;
}

Str metaschema_uri(size_t i)
{
    return str_from(metaschemas[i].uri);
}

Str metaschema_text(Arena *a, size_t i)
{
    Str text = str_from(metaschemas[i].text);
    char *room = arena_text(a, text.len);

    for (size_t j = 0; j < text.len; j++)
        room[j] = (char)(text.ptr[j] == '\'' ? '"' : text.ptr[j]);
    return (Str){room, text.len};
}
