/*
 * lock.c - locks made of a store's get and put.
 *
 * Whether a holder is alive is never told from the time in its entry: clocks differ. It is
 * told from the entry's version: as long as that changes, someone changes it. Taking over
 * needs a version that stays the same for the entry's ttl and a tenth (for clocks that do not
 * run equally fast) by the taker's own clock. Of a process of the same machine that is gone, that
 * is known at once. The holder counts from the start of its last
 * heartbeat that got through, so it has given up before another can have it. Times in entries
 * only decide whether it is worth watching when we were not asked to wait.
 *
 * Where a store keeps signs of life apart from entries (put_sign), a sign counts as a change of the
 * entry. But it does not prove that the lock is still the holder's, as rewriting the entry does: so
 * it only counts for the holder if it was written before another may have taken the lock.
 */
#include "io/clock.h"
#include "io/failpoint.h"
#include "io/self.h"
#include "io/signal.h"
#include "io/world.h"
#include "state/entry.h"
#include "state/holder.h"
#include "state/state.h"

#include <signal.h>
#include <stdatomic.h>

enum {
    NS_PER_MS = 1000000,
    MOST_TTL_MS = 10 * 60 * 1000, /* a dead holder is waited for so long and no longer */
    LONGEST_PAUSE_MS = 1000,      /* between looks at another's lock */
    TOKEN_BYTES = 16,
    MOST_BEFORE =
        64, /* runs that a lock was taken over from, and that are not closed for certain */
    MOST_BREAKS = 100, /* heartbeats that may come between looking at a lock and breaking it */
};

struct StateLock {
    Arena memory; /* the lock itself is in it */
    StateStore *store;
    Str key;
    Holder self;
    StateGuard guard; /* what is changed under the lock depends on it */
    bool signless;    /* the server keeps no signs: the entry is rewritten after all */

    Arena version_memory;
    Str version; /* of our entry; the heartbeat's alone until that has ended */
    pthread_t heartbeat;
    Bell stop;

    atomic_bool lost;
    atomic_llong renewed; /* clock_ms before the last heartbeat that got through */
};

static int64_t world_ms(void)
{
    return world_real.now_ns() / NS_PER_MS;
}

static Str lock_key(Arena *a, Str name)
{
    Str part = state_key_part(a, name);

    return str_format(a, "locks/%.*s.json", STR_ARG(part));
}

static void keep_version(StateLock *lock, Str version)
{
    Arena fresh = {0};

    lock->version = str_copy(&fresh, version);
    arena_free(&lock->version_memory);
    lock->version_memory = fresh;
}

bool state_lock_held(const StateLock *lock)
{
    return !atomic_load(&lock->lost) &&
           clock_ms() - atomic_load(&lock->renewed) < lock->self.ttl_ms;
}

/* Write our entry where EXPECTED is the version of what is there. */
static Error *write_entry(StateLock *lock, Str expected)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t start = clock_ms();
    Str text, version;

    lock->self.renewed_ms = world_ms();
    lock->self.beats++;
    TRY(holder_text(&scratch, &lock->self, &text));
    TRY(state_put(lock->store, &scratch, lock->key, text, expected, &version));
    keep_version(lock, version);
    atomic_store(&lock->renewed, start);
    return NULL;
}

/*
 * Whether the entry is still ours though its version is not: a put can get through and its answer
 * be lost. Then its version is ours from now on.
 */
static bool find_ours(StateLock *lock)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry entry;
    Holder holder;
    Error *err = state_get(lock->store, &scratch, lock->key, &entry);

    if (!err)
        err = holder_parse(&scratch, lock->store, lock->key, &entry, &holder);
    bool ours = !err && str_equal(holder.token, lock->self.token);
    error_free(err);
    if (ours)
        keep_version(lock, entry.version);
    return ours;
}

/* Say that we live, apart from the entry, while nobody can have taken the lock. */
static Error *write_sign(StateLock *lock)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t start = clock_ms();
    Str text;

    lock->self.renewed_ms = world_ms();
    lock->self.beats++;
    TRY(holder_text(&scratch, &lock->self, &text));
    TRY(lock->store->type->put_sign(lock->store, lock->key, text, &lock->guard));
    if (!state_lock_held(lock))
        return write_entry(lock, lock->version);
    atomic_store(&lock->renewed, start);
    return NULL;
}

static Error *renew(StateLock *lock)
{
    if (!lock->self.signs || lock->signless || !state_lock_held(lock))
        return write_entry(lock, lock->version);
    Error *err = write_sign(lock);
    if (!err || error_kind_of(err) != ERROR_DENIED)
        return err;
    error_free(err);
    lock->signless = true;
    return write_entry(lock, lock->version);
}

/* How long to sleep until the next heartbeat; below 0: there is no use in more. */
static int64_t beat(StateLock *lock)
{
    Error *err = FAILPOINT(LOCK_RENEW);
    if (!err)
        err = renew(lock);
    bool conflict = err && error_kind_of(err) == ERROR_CONFLICT;
    bool failed = err != NULL;

    error_free(err);
    if (conflict && !find_ours(lock)) {
        atomic_store(&lock->lost, true);
        return -1;
    }
    return lock->self.ttl_ms / (failed ? 10 : 3);
}

static void *keep_alive(void *argument)
{
    StateLock *lock = argument;
    int64_t pause = lock->self.ttl_ms / 3;

    while (pause >= 0 && !bell_wait(&lock->stop, pause))
        pause = beat(lock);
    return NULL;
}

/* A thread with all signals blocked: they are for the threads that work. */
static Error *start_heartbeat(StateLock *lock)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bell_init(&lock->stop);
    int failure = pthread_create(&lock->heartbeat, NULL, keep_alive, lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failure)
        return NULL;
    bell_destroy(&lock->stop);
    return error_os(failure, "a thread for the lock");
}

/* What has been seen of another's lock. */
typedef struct Watch {
    Arena memory;
    Holder holder;
    Str version, sign;
    int64_t start; /* clock_ms after these were first seen */
    bool alive;    /* the holder changed them while we watched */
    bool told;     /* the caller knows of this holder */
    bool gone;     /* its process, on this machine, is */
} Watch;

static void end_watch(Watch *watch)
{
    arena_free(&watch->memory);
}

/* Note what the lock's entry is now; what WATCH had of it is replaced. */
static void look_again(Watch *watch, const StateEntry *entry, Str sign, const Holder *holder)
{
    Watch next = {.start = clock_ms()};

    if (str_equal(watch->holder.token, holder->token)) {
        next.alive = true;
        next.told = watch->told;
    }
    next.gone = mark_is_gone(holder->mark);
    next.holder = *holder;
    next.holder.text = str_copy(&next.memory, holder->text);
    next.holder.token = str_copy(&next.memory, holder->token);
    next.holder.run = str_copy(&next.memory, holder->run);
    next.holder.before = (StrList){0};
    for (size_t i = 0; i < holder->before.len; i++)
        *vec_add(&next.memory, &next.holder.before) =
            str_copy(&next.memory, holder->before.items[i]);
    next.version = str_copy(&next.memory, entry->version);
    next.sign = str_copy(&next.memory, sign);
    end_watch(watch);
    *watch = next;
}

/* Whether the holder must have given up. NOW is before the entry was read. */
static bool is_stale(const Watch *watch, int64_t now)
{
    return watch->gone || now - watch->start > watch->holder.ttl_ms + watch->holder.ttl_ms / 10;
}

/*
 * Whether waiting is likely to be for a dead holder: by the times in the entry, which may be wrong,
 * and by what we have seen, which is not.
 */
static bool looks_dead(const Watch *watch)
{
    int64_t silent = world_ms() - watch->holder.renewed_ms, ttl = watch->holder.ttl_ms;

    if (watch->gone)
        return true;
    return !watch->alive && ttl <= MOST_TTL_MS && (silent > ttl || silent < -ttl);
}

/* Write our entry over what has VERSION, unless somebody is faster. */
static Error *claim(StateLock *lock, Str version, bool *taken)
{
    TRY(FAILPOINT(LOCK_TAKE));
    lock->self.since_ms = world_ms();
    Error *err = write_entry(lock, version);
    bool conflict = err && error_kind_of(err) == ERROR_CONFLICT;

    // a store so slow that our entry may be stale already does not count
    *taken = (!err || (conflict && find_ours(lock))) && state_lock_held(lock);
    if (!err)
        TRY(FAILPOINT(LOCK_TAKEN));
    if (!conflict)
        return err;
    error_free(err);
    return NULL;
}

/*
 * As claim, of a lock that WATCH has seen to be stale. Until we have let go of it, the entry names
 * the runs it was taken over from: should we be killed before these are closed, the next one does
 * it.
 */
static Error *claim_stale(StateLock *lock, const Watch *watch, bool *taken)
{
    const Holder *holder = &watch->holder;
    StrList *before = &lock->self.before;

    *before = (StrList){0};
    if (holder->run.len)
        *vec_add(&lock->memory, before) = str_copy(&lock->memory, holder->run);
    for (size_t i = 0; i < holder->before.len && before->len < MOST_BEFORE; i++)
        *vec_add(&lock->memory, before) = str_copy(&lock->memory, holder->before.items[i]);
    TRY(claim(lock, watch->version, taken));
    if (!*taken)
        *before = (StrList){0};
    return NULL;
}

/* Take the lock if it is free, or stale. Otherwise WATCH tells who has it. */
static Error *try_take(StateLock *lock, Watch *watch, bool *taken)
{
    DEFER(arena_free) Arena scratch = {0};
    int64_t now = clock_ms();
    StateEntry entry = {0};
    Holder holder;
    Str sign;

    Error *err = state_get(lock->store, &scratch, lock->key, &entry);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    if (!entry.version.len)
        return claim(lock, entry.version, taken);
    TRY(holder_parse(&scratch, lock->store, lock->key, &entry, &holder));
    TRY(holder_sign(lock->store, &scratch, lock->key, &holder, &sign));
    bool same = str_equal(entry.version, watch->version) && str_equal(sign, watch->sign);
    if (same)
        return is_stale(watch, now) ? claim_stale(lock, watch, taken) : NULL;
    look_again(watch, &entry, sign, &holder);
    return NULL;
}

/* "3 h 12 m", "12 s" */
static Str duration_shown(Arena *a, int64_t ms)
{
    int64_t seconds = ms > 0 ? ms / 1000 : 0, minutes = seconds / 60, hours = minutes / 60;

    if (hours)
        return str_format(a, "%lld h %lld m", (long long)hours, (long long)(minutes % 60));
    if (minutes)
        return str_format(a, "%lld m %lld s", (long long)minutes, (long long)(seconds % 60));
    return str_format(a, "%lld s", (long long)seconds);
}

static Error *held_error(const StateLockRequest *request, const Watch *watch)
{
    DEFER(arena_free) Arena scratch = {0};
    const Holder *holder = &watch->holder;
    int64_t now = world_ms();
    Str age = duration_shown(&scratch, now - holder->since_ms);
    Str since = time_shown(&scratch, holder->since_ms);
    Str silent = duration_shown(&scratch, now - holder->renewed_ms);
    Error *err = error_new(
        ERROR_CONFLICT,
        "lock \"%.*s\" is held by %.*s, for %.*s (since %.*s; last sign of life %.*s ago)",
        STR_ARG(request->name), STR_ARG(holder->text), STR_ARG(age), STR_ARG(since),
        STR_ARG(silent));

    return error_hint(err, "if that run is gone for certain: relfile lock break %.*s",
                      STR_ARG(request->name));
}

/* One look at the lock, and what follows from it where it is another's. */
static Error *wait_once(StateLock *lock, const StateLockRequest *request, Watch *watch,
                        int64_t deadline, bool *taken)
{
    TRY(try_take(lock, watch, taken));
    if (*taken && request->taken_over)
        for (size_t i = 0; i < lock->self.before.len; i++)
            request->taken_over(request->context, lock->self.before.items[i]);
    if (*taken || !watch->version.len)
        return NULL;
    if (clock_ms() >= deadline && !looks_dead(watch))
        return held_error(request, watch);
    if (signal_received())
        return error_new(ERROR_CANCELLED, "stopped while waiting for lock \"%.*s\"",
                         STR_ARG(request->name));
    if (!watch->told && !watch->gone && request->waiting)
        request->waiting(request->context, watch->holder.text, watch->holder.since_ms);
    watch->told = true;
    return NULL;
}

static Error *take(StateLock *lock, const StateLockRequest *request)
{
    DEFER(end_watch) Watch watch = {0};
    int64_t deadline = clock_ms() + request->timeout_ms, pause = 10;
    bool taken = false;

    // most locks are free: that is one request
    TRY(claim(lock, (Str){"", 0}, &taken));
    while (!taken) {
        TRY(wait_once(lock, request, &watch, deadline, &taken));
        if (taken)
            break;
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
        clock_sleep(pause < lock->self.ttl_ms ? pause : lock->self.ttl_ms);
    }
    return NULL;
}

static Str random_token(Arena *a)
{
    unsigned char bytes[TOKEN_BYTES];
    Buf token = {.arena = a};

    world_real.random(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        buf_format(&token, "%02x", bytes[i]);
    return buf_str(&token);
}

static void free_lock(StateLock *lock)
{
    Arena memory = lock->memory;

    arena_free(&lock->version_memory);
    arena_free(&memory);
}

/* Take our entry away, if it still is ours. If that fails, it is stale soon. */
static void remove_entry(StateLock *lock)
{
    Error *err = FAILPOINT(UNLOCK);
    if (!err)
        err = state_remove(lock->store, lock->key, lock->version);
    bool conflict = err && error_kind_of(err) == ERROR_CONFLICT;

    error_free(err);
    if (conflict && find_ours(lock))
        error_free(state_remove(lock->store, lock->key, lock->version));
    error_free(FAILPOINT(UNLOCKED));
}

Error *state_lock(StateStore *store, const StateLockRequest *request, StateLock **out)
{
    Arena memory = {0};
    StateLock *lock = arena_new(&memory, StateLock);

    if (request->ttl_ms < 1 || request->ttl_ms > MOST_TTL_MS)
        BUG("a lock for %lld ms", (long long)request->ttl_ms);
    lock->store = store;
    lock->key = lock_key(&memory, request->name);
    lock->self = (Holder){.text = str_copy(&memory, request->holder),
                          .token = random_token(&memory),
                          .run = str_copy(&memory, request->run),
                          .mark = self_mark(&memory),
                          .signs = store->type->put_sign != NULL,
                          .ttl_ms = request->ttl_ms};
    lock->guard = (StateGuard){lock->key, lock->self.token};
    lock->memory = memory;

    Error *err = take(lock, request);
    if (!err) {
        err = start_heartbeat(lock);
        if (err)
            remove_entry(lock);
    }
    if (err) {
        free_lock(lock);
        return err;
    }
    if (request->guards.len)
        state_guard(store, request->guards, &lock->guard);
    *out = lock;
    return NULL;
}

static void end_lock(StateLock **lock, bool leave)
{
    if (!*lock)
        return;
    state_unguard((*lock)->store, &(*lock)->guard);
    bell_ring(&(*lock)->stop);
    pthread_join((*lock)->heartbeat, NULL);
    bell_destroy(&(*lock)->stop);
    if (!leave && !atomic_load(&(*lock)->lost))
        remove_entry(*lock);
    free_lock(*lock);
    *lock = NULL;
}

void state_unlock(StateLock **lock)
{
    end_lock(lock, false);
}

void state_lock_leave(StateLock **lock)
{
    end_lock(lock, true);
}

Error *state_lock_break(StateStore *store, Str name)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key = lock_key(&scratch, name);
    StateEntry entry;

    for (int i = 0; i < MOST_BREAKS; i++) {
        Error *err = state_get(store, &scratch, key, &entry);

        if (!err)
            err = state_remove(store, key, entry.version);
        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            return error_new(ERROR_NOT_FOUND, "nobody holds lock \"%.*s\"", STR_ARG(name));
        }
        if (!err || error_kind_of(err) != ERROR_CONFLICT)
            return err;
        error_free(err);
    }
    return error_new(ERROR_CONFLICT, "lock \"%.*s\" is renewed faster than it can be broken",
                     STR_ARG(name));
}
