/*
 * test_xml.c - texts out of XML, and XML that is broken.
 */
#include "base/xml.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *xml;
    const char *texts; /* of all elements called Key, each with a "|" behind it */
} Row;

static Row rows[] = {
    {"elements are found at any depth",
     "<?xml version='1.0'?><R><C><Key>a/b</Key></C><C><Key>c</Key></C></R>", "a/b|c|"},
    {"entities are what they stand for", "<Key>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#xe9;</Key>",
     "<&>\"'AB\xC3\xA9|"},
    {"entities that are none stay", "<Key>&nbsp;&;& &#x110000; &#0;</Key>",
     "&nbsp;&;& &#x110000; &#0;|"},
    {"attributes and prefixes do not count", "<s3:Key type=\"x\">a</s3:Key><KeyCount>2</KeyCount>",
     "a|"},
    {"an element can be empty", "<Key/><Key></Key><Key a='1' />", "|||"},
    {"comments are not read", "<!-- <Key>a</Key> --><Key>b</Key>", "b|"},
    {"an element with elements in it has no text", "<Key><A>1</A></Key><Key>b</Key>", "b|"},
    {"what is cut off is not there", "<Key>a</Key><Key>b", "a|"},
    {"a tag that is cut off is not there", "<Key>a</Key><Key", "a|"},
    {"text is no XML", "503 Service Unavailable", ""},
    {"nothing has no elements", "", ""},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    Str rest = str_from(row->xml), text;
    Buf texts = {.arena = &memory};

    while (xml_next(&memory, &rest, "Key", &text)) {
        buf_add(&texts, text);
        buf_add_char(&texts, '|');
    }
    assert_str(buf_str(&texts), row->texts);
}

TEST_ROWS(rows, check)
