-- SPDX-License-Identifier: BSL-1.0
-- libjackpot for LuaJIT, over the C interface (include/jackpot/c_api/c_api.h). Amounts and versions stay 64-bit
-- integers (cdata) all the way: a Lua number would round above 2^53. What fails returns nil, the status
-- and why, in words; jackpot.retryable says whether the same call can succeed later.
local ffi = require("ffi")

ffi.cdef([[
typedef int32_t jackpot_status;
typedef struct jackpot_network jackpot_network;

typedef struct { void* context; int64_t (*now)(void*); void (*sleep)(void*, int64_t); uint64_t (*random)(void*); }
    jackpot_environment;
typedef struct {
    uint32_t struct_size; int32_t mode; const char* store; uint64_t history_limit, lag_limit;
    uint64_t reserve_pools, reserve_journal, reserve_keys; jackpot_environment environment;
} jackpot_options;
typedef struct {
    uint32_t fields; int32_t rounding, on_cap, seed_from, changes; uint32_t reserved;
    int64_t seed, cap, rate_ppb, min_wager, max_wager, seed_rate_ppb, reserve_cap;
    const char* const* games; uint64_t game_count; int64_t spare[8];
} jackpot_configuration;
typedef struct {
    uint32_t struct_size, reserved; const char *key, *pool; jackpot_configuration configuration;
    const char *actor, *reason;
} jackpot_open_request;
typedef struct {
    uint32_t struct_size, has_pools; const char *key, *game, *player, *round, *site; int64_t wager;
    const char* const* pools; uint64_t pool_count;
} jackpot_contribute_request;
typedef struct {
    uint32_t struct_size, has_amount; const char *key, *pool, *game, *player, *round, *site; int64_t amount;
} jackpot_win_request;
typedef struct {
    char pool[136]; uint64_t version;
    int64_t current, overflow, carry, reserve, reserve_carry, to_pool, to_overflow, to_reserve, forgone, paid;
    int64_t from_house, from_overflow, from_reserve, from_pool, to_house, transferred;
} jackpot_part;
typedef struct {
    uint32_t struct_size, replayed; uint64_t sequence; int64_t at, total;
    jackpot_part* parts; uint64_t part_capacity, part_count; uint32_t part_size, reserved;
} jackpot_receipt;
typedef void (*jackpot_answered)(void*, jackpot_status, const jackpot_receipt*, const char*);
typedef struct {
    uint32_t struct_size; int32_t first; jackpot_answered answered; void* user; uint64_t ticket;
} jackpot_submission;
typedef struct {
    uint32_t struct_size; int32_t status; char pool[136]; jackpot_configuration configuration, pending;
    int64_t current, overflow, carry, reserve, reserve_carry, funded, seeded, adjusted, transferred;
    int64_t total_wagered, total_contributions, total_forgone, held, total_wins;
    uint64_t wager_count, win_count, hold_count, reset_sequence, version; int64_t opened_at, modified_at, last_win_amount, last_win_at;
    char last_win_game[136], last_win_player[136];
} jackpot_pool;
typedef struct { uint32_t struct_size, opened, changed, differs; } jackpot_ensured;
typedef struct { uint32_t struct_size, reserved; uint64_t operations; int64_t oldest_at; } jackpot_lag;

uint32_t jackpot_abi_version(void);
const char* jackpot_status_name(jackpot_status);
int32_t jackpot_status_retryable(jackpot_status);
jackpot_status jackpot_create(const jackpot_options*, jackpot_network**, char*, uint32_t);
void jackpot_destroy(jackpot_network*);
uint32_t jackpot_last_error(const jackpot_network*, char*, uint32_t);
jackpot_status jackpot_ensure(jackpot_network*, const jackpot_open_request*, int32_t, jackpot_ensured*);
jackpot_status jackpot_submit_contribute(jackpot_network*, const jackpot_contribute_request*, jackpot_submission*);
jackpot_status jackpot_submit_win(jackpot_network*, const jackpot_win_request*, jackpot_submission*);
jackpot_status jackpot_commit(jackpot_network*, int32_t*);
jackpot_status jackpot_pool_state(jackpot_network*, const char*, jackpot_pool*);
jackpot_status jackpot_audit(jackpot_network*, uint64_t*);
jackpot_status jackpot_pump(jackpot_network*, uint64_t, uint64_t*);
jackpot_status jackpot_flush(jackpot_network*);
jackpot_status jackpot_lag_of(jackpot_network*, jackpot_lag*);
]])

local jackpot = {
    mode = { direct = 0, behind = 1, through = 2 },
}
local abi_version = 2
local C

local network = {}
network.__index = network

-- A struct of the C interface begins with its own size.
local function sized(type)
    local struct = ffi.new(type)
    struct.struct_size = ffi.sizeof(type)
    return struct
end

local message = ffi.new("char[?]", 512)

function network:fail(status)
    C.jackpot_last_error(self.handle, message, 512)
    return nil, status, ffi.string(message)
end

-- Loads the library from a file, or by the name that the system knows.
function jackpot.load(file)
    local loaded, library = pcall(ffi.load, file or "jackpot")
    if not loaded then
        return nil, library
    end
    if library.jackpot_abi_version() ~= abi_version then
        return nil, "libjackpot has ABI " .. library.jackpot_abi_version() .. ", the game wants " .. abi_version
    end
    C = library
    return true
end

function jackpot.name(status)
    return ffi.string(C.jackpot_status_name(status))
end

function jackpot.retryable(status)
    return C.jackpot_status_retryable(status) == 1
end

-- {store = URL or nil, mode = jackpot.mode...., history_limit =, lag_limit =}
function jackpot.create(wanted)
    local options = sized("jackpot_options")
    options.store, options.mode = wanted.store, wanted.mode
    options.history_limit, options.lag_limit = wanted.history_limit or 0, wanted.lag_limit or 0
    local handle = ffi.new("jackpot_network*[1]")
    local status = C.jackpot_create(options, handle, message, 512)
    if status ~= 0 then
        return nil, status, ffi.string(message)
    end
    local self = setmetatable({
        handle = ffi.gc(handle[0], C.jackpot_destroy),
        submission = sized("jackpot_submission"),
        submitted = 0,
        waiting = {}, -- what is called with each answer, by the request's number
        more = ffi.new("int32_t[1]"),
        requests = {
            open = sized("jackpot_open_request"),
            contribute = sized("jackpot_contribute_request"),
            win = sized("jackpot_win_request"),
        },
        state = sized("jackpot_pool"),
        ensured = sized("jackpot_ensured"),
        lagging = sized("jackpot_lag"),
        count = ffi.new("uint64_t[1]"),
    }, network)
    self.answered = ffi.cast("jackpot_answered", function(user, status, receipt, why)
        self:answer(tonumber(ffi.cast("intptr_t", user)), status, receipt, why)
    end)
    self.submission.answered = self.answered
    return self
end

function network:close()
    if self.handle then
        C.jackpot_destroy(ffi.gc(self.handle, nil))
        self.handle = nil
        self.answered:free()
    end
end

-- Submits an operation. The next commit calls `done` with its receipt, which is good until `done` returns; or with
-- nil, the status and why.
function network:submit(call, struct, request, done)
    -- The struct points into the request's strings, which the collector may take while nothing holds them.
    self.held = request
    self.submission.user = ffi.cast("void*", self.submitted + 1)
    local status = call(self.handle, struct, self.submission)
    if status ~= 0 then
        return self:fail(status)
    end
    self.submitted = self.submitted + 1
    self.waiting[self.submitted] = done
    return true
end

-- No error of Lua's must cross the library: the commit that calls this throws it.
function network:answer(number, status, receipt, why)
    local done = self.waiting[number]
    self.waiting[number] = nil
    local sound, trouble
    if status == 0 then
        sound, trouble = pcall(done, receipt)
    else
        sound, trouble = pcall(done, nil, status, ffi.string(why))
    end
    if not sound then
        self.trouble = self.trouble or trouble
    end
end

-- Commits all that was submitted, together, and calls what waits for the answers.
function network:commit()
    repeat
        local status = C.jackpot_commit(self.handle, self.more)
        if status ~= 0 then
            return self:fail(status)
        end
        if self.trouble then
            error(self.trouble, 0)
        end
    until self.more[0] == 0
    return true
end
jit.off(network.commit) -- what LuaJIT has compiled must not be called back

-- {pool =, key =, seed =, cap = or nil, rate_ppb =}: opens the pool, or leaves the one that is there as it is. True
-- where it opened one.
function network:ensure(request)
    local struct = self.requests.open
    struct.key, struct.pool = request.key, request.pool
    local configuration = struct.configuration
    configuration.fields = 1 + (request.cap and 2 or 4) + 8
    configuration.seed, configuration.cap = request.seed, request.cap or 0
    configuration.rate_ppb = request.rate_ppb
    local status = C.jackpot_ensure(self.handle, struct, 0, self.ensured)
    if status ~= 0 then
        return self:fail(status)
    end
    return self.ensured.opened == 1
end

-- {game =, player =, wager =, key =}: to every pool that the game feeds.
function network:contribute(request, done)
    local struct = self.requests.contribute
    struct.key, struct.game, struct.player = request.key, request.game, request.player
    struct.wager = request.wager
    return self:submit(C.jackpot_submit_contribute, struct, request, done)
end

-- {pool =, game =, player =, key =}: pays all that the pool holds; receipt.parts[0].paid is how much.
function network:win(request, done)
    local struct = self.requests.win
    struct.key, struct.pool = request.key, request.pool
    struct.game, struct.player = request.game, request.player
    return self:submit(C.jackpot_submit_win, struct, request, done)
end

-- A pool's state, good until the next call.
function network:pool(name)
    local status = C.jackpot_pool_state(self.handle, name, self.state)
    if status ~= 0 then
        return self:fail(status)
    end
    return self.state
end

-- How many operations were decided again, all as the journal has them.
function network:audit()
    local status = C.jackpot_audit(self.handle, self.count)
    if status ~= 0 then
        return self:fail(status)
    end
    return tonumber(self.count[0])
end

-- Carries at most `budget` operations into the store behind, and says how many still wait.
function network:pump(budget)
    local status = C.jackpot_pump(self.handle, budget, self.count)
    if status ~= 0 then
        return self:fail(status)
    end
    return tonumber(self.count[0])
end

function network:flush()
    local status = C.jackpot_flush(self.handle)
    if status ~= 0 then
        return self:fail(status)
    end
    return true
end

-- The operations that a crash would lose now.
function network:lag()
    local status = C.jackpot_lag_of(self.handle, self.lagging)
    if status ~= 0 then
        return self:fail(status)
    end
    return tonumber(self.lagging.operations)
end

-- A 64-bit amount as decimal digits.
function jackpot.digits(amount)
    return (tostring(amount):gsub("U?LL$", ""))
end

return jackpot
