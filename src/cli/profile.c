#include "cli/profile.h"

#include "base/path.h"
#include "io/clock.h"
#include "io/file.h"

TemplateProfile *profile_start(void)
{
    return template_profile_new(clock_ns);
}

/* "out.folded" is "out.bytes.folded". */
static const char *second_file(Arena *a, Str file)
{
    Str extension = path_extension(file);
    Str stem = str_slice(file, 0, file.len - extension.len);

    return str_format(a, "%.*s.bytes%.*s", STR_ARG(stem), STR_ARG(extension)).ptr;
}

Error *profile_write(TemplateProfile *profile, const char *file)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf time = {.arena = &scratch}, bytes = {.arena = &scratch};

    if (str_is(path_extension(str_from(file)), ".json")) {
        template_profile_trace(profile, &time);
        return error_wrap(file_replace_unsynced(file, buf_str(&time)), "--profile");
    }
    template_profile_stacks(profile, PROFILE_TIME, &time);
    template_profile_stacks(profile, PROFILE_BYTES, &bytes);
    TRY(error_wrap(file_replace_unsynced(file, buf_str(&time)), "--profile"));
    return error_wrap(file_replace_unsynced(second_file(&scratch, str_from(file)), buf_str(&bytes)),
                      "--profile");
}
