// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_SPOILT_REQUESTS_HPP
#define JACKPOT_TESTING_SPOILT_REQUESTS_HPP

#include <jackpot/testing/random_movements.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// Makes one field of a request wrong by itself.
template <amount Amount>
class spoilt_requests {
public:
    explicit spoilt_requests(random_values<Amount>& draw) noexcept : draw_(draw) {}

    void spoil(basic_open_request<Amount>& r) {
        if (draw_.one_in(4)) {
            spoil_names(r);
        } else {
            spoil_fields(r.configuration);
        }
    }
    void spoil(basic_configure_request<Amount>& r) {
        const std::size_t draw = draw_.below(10);
        if (draw == 0) {
            spoil_names(r);
        } else if (draw == 1) {
            r.when = when(3);
        } else {
            spoil_fields(r.patch);
        }
    }
    void spoil(basic_contribute_request<Amount>& r) {
        switch (draw_.below(6)) {
            case 0:
                r.game = draw_.odd_name();
                break;
            case 1:
                r.wager = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
                break;
            case 2:
                r.pools = name_list{draw_.odd_name()};
                break;
            case 3:
                r.round = draw_.odd_name();
                break;
            case 4:
                r.site = draw_.odd_name();
                break;
            default:
                r.player = draw_.odd_name();
        }
    }
    void spoil(basic_win_request<Amount>& r) {
        name* const names[] = {&r.pool, &r.game, &r.player};
        if (draw_.one_in(4)) {
            r.amount = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
        } else if (draw_.one_in(3)) {
            (draw_.one_in(2) ? r.round : r.site) = draw_.odd_name();
        } else {
            *draw_.one_of(names) = draw_.odd_name();
        }
    }
    void spoil(basic_adjust_request<Amount>& r) {
        name* const names[] = {&r.pool, &r.actor, &r.reason};
        if (draw_.one_in(4)) {
            r.delta = 0;
        } else {
            *draw_.one_of(names) = draw_.odd_name();
        }
    }
    void spoil(basic_restore_request<Amount>& r) {
        (draw_.one_in(2) ? r.actor : r.reason) = draw_.odd_name();
    }
    void spoil(suspend_request& r) { spoil_names(r); }
    void spoil(resume_request& r) { spoil_names(r); }
    void spoil(checkpoint_request&) {}
    void spoil(auto& r) { random_movements(draw_).spoil(r); }

private:
    /// Of a configuration or of a patch.
    void spoil_fields(auto& fields) {
        switch (draw_.below(14)) {
            case 0:
                fields.seed = draw_.odd_amount();
                break;
            case 1:
                fields.cap = draw_.odd_amount();
                break;
            case 2:
                fields.seed = Amount(8);
                fields.cap = Amount(8);
                break;
            case 3:
                fields.rate = rate::from_ppb(draw_.one_in(2) ? -1 : rate::one_ppb + 1);
                break;
            case 4:
                fields.rounding = rounding(2);
                break;
            case 5:
                fields.on_cap = on_cap(2);
                break;
            case 6:
                fields.min_wager = draw_.odd_amount();
                break;
            case 7:
                fields.seed_rate = rate::from_ppb(draw_.one_in(2) ? -1 : rate::one_ppb + 1);
                break;
            case 8:
                fields.reserve_cap = draw_.odd_amount();
                break;
            case 9:
                fields.seed_from = seed_from(2);
                break;
            case 10:
                fields.max_wager = draw_.one_in(2) ? Amount(0) : draw_.odd_amount();
                break;
            case 11:
                fields.changes = changes(3);
                break;
            case 12:
                fields.rate = rate::from_ppb(rate::one_ppb);
                fields.seed_rate = rate::from_ppb(1);
                break;
            default:
                fields.games = draw_.one_in(8) ? too_many_games() : std::vector<name>{draw_.odd_name()};
        }
    }
    std::vector<name> too_many_games() {
        std::vector<name> games;
        while (games.size() <= games_max) {
            games.push_back(draw_.numbered("game-", games.size()));
        }
        return games;
    }

    void spoil_names(auto& r) {
        switch (draw_.below(3)) {
            case 0:
                r.pool = draw_.odd_name();
                break;
            case 1:
                r.actor = draw_.odd_name();
                break;
            default:
                r.reason = draw_.odd_name();
        }
    }

    random_values<Amount>& draw_;
};

}}}  // namespace jackpot::v1::testing

#endif
