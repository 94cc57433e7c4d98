/* SPDX-License-Identifier: BSL-1.0 */
/*
 * vectors [--submit] FOLDER|memory FILE.commands.jsonl...: runs each file's commands through the C interface,
 * on a network of its own in memory or in FOLDER, and compares the receipts with those of
 * FILE.receipts.jsonl. With --submit each request waits for a jackpot_commit.
 */
#include "receipts.h"

enum { parts_most = 64 };

static json_t* run_pool(jackpot_network* n, const command* c, jackpot_status* status) {
    jackpot_pool pool = {0};
    pool.struct_size = sizeof pool;
    *status = jackpot_pool_state(n, text(c, "pool"), &pool);
    return *status != JACKPOT_OK ? NULL : json_pack("{sb so}", "ok", 1, "state", state(n, &pool));
}

static json_t* run_pools(jackpot_network* n, jackpot_status* status) {
    json_t* states = json_array();
    jackpot_pool* pools;
    uint64_t count = 0;
    uint64_t i;
    GIVES(JACKPOT_OK, jackpot_pools(n, NULL, 0, &count));
    pools = calloc((size_t)count + 1, sizeof *pools);
    pools[0].struct_size = sizeof *pools;
    *status = jackpot_pools(n, pools, count, &count);
    for (i = 0; i < count; ++i) {
        json_array_append_new(states, state(n, &pools[i]));
    }
    free(pools);
    return json_pack("{sb so}", "ok", 1, "pools", states);
}

static json_t* run_statistics(jackpot_network* n, jackpot_status* status) {
    jackpot_statistics s = {0};
    s.struct_size = sizeof s;
    *status = jackpot_statistics_of(n, &s);
    return *status != JACKPOT_OK ? NULL : statistics(&s);
}

static json_t* run_operation(jackpot_network* n, command* c, const char* op, jackpot_status* status) {
    json_t* receipt;
    jackpot_part parts[parts_most] = {0};
    jackpot_receipt r = JACKPOT_RECEIPT_INIT;
    r.parts = parts;
    r.part_capacity = parts_most;
    *status = strcmp(op, "open") == 0         ? run_open(n, c, &r)
              : strcmp(op, "contribute") == 0 ? run_contribute(n, c, &r)
              : strcmp(op, "win") == 0        ? run_win(n, c, &r)
              : strcmp(op, "configure") == 0  ? run_configure(n, c, &r)
              : strcmp(op, "adjust") == 0     ? run_adjust(n, c, &r)
              : strcmp(op, "suspend") == 0    ? run_status(n, c, &r, 0)
              : strcmp(op, "resume") == 0     ? run_status(n, c, &r, 1)
              : strcmp(op, "hold") == 0       ? run_hold(n, c, &r)
              : strcmp(op, "confirm") == 0    ? run_settle(n, c, &r, 1)
              : strcmp(op, "release") == 0    ? run_settle(n, c, &r, 0)
              : strcmp(op, "transfer") == 0   ? run_transfer(n, c, &r)
              : strcmp(op, "close") == 0      ? run_close(n, c, &r)
              : strcmp(op, "revert") == 0     ? run_revert(n, c, &r)
                                              : JACKPOT_INVALID_OPERATION;
    if (*status != JACKPOT_OK || !CHECK(r.part_count <= parts_most)) {
        return NULL;
    }
    receipt = answered(op, c, &r);
    json_object_set_new(receipt, "ok", json_true());
    json_object_set_new(receipt, "replayed", json_boolean(r.replayed));
    return receipt;
}

/* The receipt of one line. */
static json_t* run(jackpot_network* n, const char* line, size_t length) {
    command c = {0};
    json_error_t error;
    json_t* receipt = NULL;
    jackpot_status status = JACKPOT_INVALID_OPERATION;
    c.members = json_loadb(line, length, JSON_ALLOW_NUL, &error);
    if (c.members == NULL && json_error_code(&error) == json_error_numeric_overflow) {
        /* No integer any more, but an object still. */
        c.members = json_loadb(line, length, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    }
    if (json_is_object(c.members)) {
        const char* op = text(&c, "op") == NULL ? "" : text(&c, "op");
        receipt = strcmp(op, "pool") == 0         ? run_pool(n, &c, &status)
                  : strcmp(op, "pools") == 0      ? run_pools(n, &status)
                  : strcmp(op, "statistics") == 0 ? run_statistics(n, &status)
                                                  : run_operation(n, &c, op, &status);
    }
    json_decref(c.members);
    if (status != JACKPOT_OK) {
        json_decref(receipt);
        receipt = json_pack("{sb ss}", "ok", 0, "error", jackpot_status_name(status));
    }
    return receipt;
}

static char* read_file(const char* name) {
    FILE* file = fopen(name, "rb");
    char* bytes = NULL;
    size_t size = 0;
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", name);
        exit(1);
    }
    do {
        bytes = realloc(bytes, size + 65537);
        size += fread(bytes + size, 1, 65536, file);
    } while (!feof(file) && !ferror(file));
    fclose(file);
    bytes[size] = '\0';
    return bytes;
}

/* How many commands were run; each failure is printed. */
static unsigned run_file(jackpot_network* n, const char* commands_name) {
    const size_t stem = strlen(commands_name) - strlen(".commands.jsonl");
    char receipts_name[4096];
    unsigned number = 0;
    char* commands = read_file(commands_name);
    char* receipts;
    const char* line = commands;
    const char* receipt;
    snprintf(receipts_name, sizeof receipts_name, "%.*s.receipts.jsonl", (int)stem, commands_name);
    receipt = receipts = read_file(receipts_name);
    while (*line != '\0' && *receipt != '\0') {
        const size_t length = strcspn(line, "\n");
        const size_t wanted_length = strcspn(receipt, "\n");
        json_t* wanted = json_loadb(receipt, wanted_length, 0, NULL);
        json_t* got = run(n, line, length);
        ++number;
        if (wanted == NULL || !json_equal(wanted, got)) {
            char* text = json_dumps(got, 0);
            fprintf(stderr, "%s:%u: %.*s\n  wanted %.*s\n  got    %s\n", commands_name, number, (int)length,
                    line, (int)wanted_length, receipt, text);
            free(text);
            ++failures;
        }
        json_decref(wanted);
        json_decref(got);
        line += length + (line[length] != '\0');
        receipt += wanted_length + (receipt[wanted_length] != '\0');
    }
    CHECK(*line == '\0' && *receipt == '\0');
    free(commands);
    free(receipts);
    return number;
}

int main(int argc, char** argv) {
    unsigned commands = 0;
    int i;
    submits = strcmp(argv[1], "--submit") == 0;
    argv += submits;
    argc -= submits;
    for (i = 2; i < argc; ++i) {
        const char* slash = strrchr(argv[i], '/');
        char url[4096];
        const int in_memory = strcmp(argv[1], "memory") == 0;
        jackpot_network* n =
            create(in_memory ? NULL : fresh_store(&url, argv[1], slash == NULL ? argv[i] : slash + 1));
        uint64_t operations = 0;
        commands += run_file(n, argv[i]);
        GIVES(JACKPOT_OK, jackpot_audit(n, &operations));
        CHECK(operations != 0);
        jackpot_destroy(n);
    }
    printf("%d files, %u commands, %d failures\n", argc - 2, commands, failures);
    return failures != 0 || commands == 0;
}
