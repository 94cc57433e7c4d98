// SPDX-License-Identifier: BSL-1.0
#include "../../examples/service/api.hpp"
#include "../../examples/service/http_head.hpp"
#include "../../examples/service/router.hpp"

#include <cstdlib>

namespace {

void insist(bool kept) {
    if (!kept) {
        std::abort();
    }
}

/// What was taken as a wager is one when it is written again.
void check_wager(std::string_view body) {
    const auto read = service::read_contribute(body);
    if (!read) {
        return;
    }
    const auto& wager = *std::get_if<jackpot::contribute_request>(&*read);
    if (wager.game.truncated() || (wager.player && wager.player->truncated())) {
        return;  // the rules refuse it, and it cannot be written
    }
    nlohmann::json again{{"gameId", wager.game.view()}, {"wagerAmount", wager.wager}};
    if (wager.player) {
        again["userId"] = wager.player->view();
    }
    if (wager.pools) {
        again["groups"] = nlohmann::json::array();
        for (const auto& pool : *wager.pools) {
            if (pool.truncated()) {
                return;
            }
            again["groups"].push_back(pool.view());
        }
    }
    const auto same = service::read_contribute(again.dump());
    insist(same && *same == *read);
}

template <class T>
void check_problem(const service::read<T>& read) {
    if (!read) {
        const service::problem& p = read.error();
        insist(p.status >= 400 && p.status < 500 && nlohmann::json::accept(to_json(p, "id")));
    }
}

}  // namespace

// A target, a line end, and a body: whatever they are, they are read as what they say, or refused as the
// client's fault.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(bytes), size);
    const auto target = input.substr(0, input.find('\n'));
    const auto body = input.substr((std::min)(target.size() + 1, size));
    for (const char* method : {"GET", "POST", "PATCH"}) {
        const auto found = service::find_route(method, target);
        insist(found.to != nullptr || !found.wrong.empty());
        insist(service::decode(service::encode(found.segment)) == found.segment);
    }
    const auto head = service::look_at_head(input, {});
    insist(head.size <= size && (head.size == 0 || head.wrong.empty()));
    check_wager(body);
    check_problem(service::parse_json(body));
    check_problem(service::read_contribute(body));
    check_problem(service::read_win(body));
    check_problem(service::read_open(body));
    check_problem(service::read_patch("pool", body));
    check_problem(service::read_adjust("pool", body));
    check_problem(service::read_batch(body));
    static_cast<void>(service::read_nothing(body));
    static_cast<void>(service::read_cursor(target, {}));
    return 0;
}
