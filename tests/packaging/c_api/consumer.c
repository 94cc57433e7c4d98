/* SPDX-License-Identifier: BSL-1.0 */
#include <jackpot/c_api/c_api.h>

#include <stddef.h>

int main(void) {
    const jackpot_options options = JACKPOT_OPTIONS_INIT;
    jackpot_open_request open = JACKPOT_OPEN_REQUEST_INIT;
    jackpot_pool pool = JACKPOT_POOL_INIT;
    jackpot_network* network = NULL;
    jackpot_status status;
    open.pool = "minor";
    open.configuration.fields = JACKPOT_HAS_SEED;
    open.configuration.seed = 100000;

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
