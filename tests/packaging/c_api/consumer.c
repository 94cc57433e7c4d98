/* SPDX-License-Identifier: BSL-1.0 */
#include <jackpot/c_api/c_api.h>

#include <stddef.h>

int main(void) {
    jackpot_options options = {0};
    jackpot_open_request open = {0};
    jackpot_pool pool = {0};
    jackpot_network* network = NULL;
    jackpot_status status;
    options.struct_size = sizeof options;
    open.struct_size = sizeof open;
    open.pool = "minor";
    open.configuration.fields = JACKPOT_HAS_SEED;
    open.configuration.seed = 100000;
    pool.struct_size = sizeof pool;

    status = jackpot_create(&options, &network, NULL, 0);
    if (status == JACKPOT_OK) {
        status = jackpot_open(network, &open, NULL);
    }
    if (status == JACKPOT_OK) {
        status = jackpot_pool_state(network, "minor", &pool);
    }
    jackpot_destroy(network);
    return status == JACKPOT_OK && pool.current == 100000 && jackpot_abi_version() == JACKPOT_ABI_VERSION ? 0
                                                                                                          : 1;
}
