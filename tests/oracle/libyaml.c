/*
 * libyaml.c - what libyaml makes of a text. Its header and ours have names in common.
 */
#include "tests/oracle/dump.h"

#include <string.h>
#include <yaml.h>

static Str text_of(const yaml_char_t *text)
{
    return text ? str_from((const char *)text) : (Str){"", 0};
}

static void dump_event(Buf *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        dump_scalar(b, text_of(event->data.scalar.tag),
                    (Str){(const char *)event->data.scalar.value, event->data.scalar.length},
                    event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);
        break;
    case YAML_SEQUENCE_START_EVENT:
        dump_open(b, text_of(event->data.sequence_start.tag), '[');
        break;
    case YAML_MAPPING_START_EVENT:
        dump_open(b, text_of(event->data.mapping_start.tag), '{');
        break;
    case YAML_SEQUENCE_END_EVENT:
        buf_add_c(b, "]\n");
        break;
    case YAML_MAPPING_END_EVENT:
        buf_add_c(b, "}\n");
        break;
    case YAML_ALIAS_EVENT:
        dump_alias(b, text_of(event->data.alias.anchor));
        break;
    default:
        break;
    }
}

/* As go-yaml, which has libyaml's parser, makes a message of what is in it. */
static Str message(Arena *a, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "";
    size_t line = parser->context_mark.line ? parser->context_mark.line : parser->problem_mark.line;

    if (line && parser->error == YAML_SCANNER_ERROR)
        line++;
    return line ? str_format(a, "yaml: line %zu: %s", line, problem)
                : str_format(a, "yaml: %s", problem);
}

bool libyaml_dump(Buf *b, Str text, Str *problem)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true, success = true;

    if (!yaml_parser_initialize(&parser))
        BUG("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    while (more) {
        success = yaml_parser_parse(&parser, &event);
        more = success && event.type != YAML_STREAM_END_EVENT;
        if (success) {
            dump_event(b, &event);
            yaml_event_delete(&event);
        }
    }
    if (!success)
        *problem = message(b->arena, &parser);
    yaml_parser_delete(&parser);
    return success;
}
