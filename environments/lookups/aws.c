#include "environments/lookups/aws.h"

Error *lookup_aws(Arena *a, const Reference *ref, const LookupScope *scope, const char *service,
                  const char *target, Value body, Value *out)
{
    Str region = lookup_setting(a, ref, "region");

    return aws_call(scope->secrets, a,
                    &(AwsCall){.service = service,
                               .target = target,
                               .region = region.len ? region : aws_region_of_arn(ref->path),
                               .profile = lookup_setting(a, ref, "profile"),
                               .role = lookup_setting(a, ref, "role_arn"),
                               .body = body},
                    out);
}
