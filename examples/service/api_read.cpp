// SPDX-License-Identifier: BSL-1.0
#include "api.hpp"

namespace service {

namespace {

constexpr std::size_t batch_max = 1000;

using jackpot::errc;

/// The request, or what was wrong with its object.
template <class Request>
read<request_type> finish(object_reader& object, Request&& request) {
    if (auto wrong = object.problem_found()) {
        return tl::unexpected(std::move(*wrong));
    }
    return request_type(std::forward<Request>(request));
}

/// Sets the field where the object has it.
void name_if(object_reader& object, const char* field, std::optional<jackpot::name>& to) {
    if (const auto text = object.text_if(field)) {
        to = *text;
    }
}

/// Who and why, where they are optional.
template <class Request>
void who_if(object_reader& object, Request& r) {
    name_if(object, "actor", r.actor);
    name_if(object, "reason", r.reason);
}

template <class Request>
void who(object_reader& object, Request& r) {
    r.actor = object.text("actor");
    r.reason = object.text("reason");
}

template <class Request>
void where_if(object_reader& object, Request& r) {
    name_if(object, "roundId", r.round);
    name_if(object, "siteId", r.site);
}

/// What a win and a hold have.
template <class Request>
void payout(object_reader& object, Request& r) {
    r.pool = object.text("group");
    r.game = object.text("gameId");
    r.player = object.text("userId");
    r.amount = object.integer_if("winAmount");
    where_if(object, r);
}

read<request_type> wager_of(object_reader& object) {
    jackpot::contribute_request r;
    r.game = object.text("gameId");
    r.wager = object.integer("wagerAmount");
    name_if(object, "userId", r.player);
    where_if(object, r);
    if (const auto groups = object.texts_if("groups")) {
        auto& pools = r.pools.emplace();
        for (const auto& group : *groups) {
            pools.emplace_back(group);
        }
    }
    return finish(object, std::move(r));
}

std::vector<jackpot::name> names_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

/// The settings that an object names. An invalid rate or word is the library's error, which the caller gives.
jackpot::patch settings_of(object_reader& object, std::optional<jackpot::error>& refused) {
    jackpot::patch p;
    const auto refuse = [&](errc code, const char* field, const std::string& text) {
        refused = refused ? refused : jackpot::fail(code, field, text).value();
    };
    p.seed = object.integer_if("seedAmount");
    const auto limit = [&](const char* field, jackpot::cap_change& to) {
        if (const auto value = object.integer_or_null(field)) {
            to = *value;
        }
    };
    const auto word = [&](const char* field, errc invalid, auto& to, auto parse) {
        if (const auto text = object.text_if(field)) {
            to = parse(*text);
            to ? void() : refuse(invalid, field, *text);
        }
    };
    limit("maxAmount", p.cap);
    word("contributionRate", errc::invalid_rate, p.rate, jackpot::rate::parse);
    word("rounding", errc::invalid_rounding, p.rounding, jackpot::parse_rounding);
    word("onCap", errc::invalid_on_cap, p.on_cap, jackpot::parse_on_cap);
    p.min_wager = object.integer_if("minWager");
    if (const auto games = object.texts_if("games")) {
        p.games = names_of(*games);
    }
    word("seedRate", errc::invalid_seed_rate, p.seed_rate, jackpot::rate::parse);
    limit("reserveCap", p.reserve_cap);
    word("seedFrom", errc::invalid_seed_from, p.seed_from, jackpot::parse_seed_from);
    limit("maxWager", p.max_wager);
    word("changes", errc::invalid_changes, p.changes, jackpot::parse_changes);
    return p;
}

/// What is absent is as in a new configuration, but seed and rate, which nobody should get by accident.
read<jackpot::open_request> open_of(const nlohmann::json& value) {
    object_reader object(value);
    std::optional<jackpot::error> refused;
    jackpot::open_request r;
    r.pool = object.text("group");
    const auto settings = settings_of(object, refused);
    if (!settings.seed) {
        object.fail("missing_field", "seedAmount");
    }
    if (!settings.rate && !refused) {
        object.fail("missing_field", "contributionRate");
    }
    who_if(object, r);
    if (auto wrong = object.problem_found()) {
        return tl::unexpected(std::move(*wrong));
    }
    if (refused) {
        return tl::unexpected(problem_of(*refused));
    }
    jackpot::detail::overlay(r.configuration, settings);
    return r;
}

/// `fill(object, request)` takes the fields.
template <class Request, class Fill>
read<request_type> read_body(std::string_view body, Fill&& fill) {
    return parse_json(body).and_then([&](const nlohmann::json& value) {
        object_reader object(value);
        Request r;
        fill(object, r);
        return finish(object, std::move(r));
    });
}

/// Suspend and resume, whose fields are all optional.
template <class Request>
read<request_type> read_status(const std::string& pool, std::string_view body) {
    return read_body<Request>(body.empty() ? "{}" : body, [&](object_reader& object, Request& r) {
        r.pool = pool;
        who_if(object, r);
    });
}

}  // namespace

read<request_type> read_contribute(std::string_view body) {
    return parse_json(body).and_then([](const nlohmann::json& value) {
        object_reader object(value);
        return wager_of(object);
    });
}

read<request_type> read_win(std::string_view body) {
    return read_body<jackpot::win_request>(body, payout<jackpot::win_request>);
}

read<request_type> read_hold(std::string_view body) {
    return read_body<jackpot::hold_request>(body, [](object_reader& object, jackpot::hold_request& r) {
        payout(object, r);
        r.hold = object.text("hold");
    });
}

read<request_type> read_revert(std::string_view body) {
    return read_body<jackpot::revert_request>(body, [](object_reader& object, jackpot::revert_request& r) {
        r.reverts = object.text("reverts");
        who(object, r);
    });
}

read<request_type> read_transfer(std::string_view body) {
    return read_body<jackpot::transfer_request>(body,
                                                [](object_reader& object, jackpot::transfer_request& r) {
                                                    r.from = object.text("from");
                                                    r.to = object.text("to");
                                                    r.amount = object.integer("amount");
                                                    who(object, r);
                                                });
}

read<request_type> read_open(std::string_view body) {
    return parse_json(body).and_then(open_of).map([](jackpot::open_request r) { return request_type(r); });
}

read<request_type> read_patch(const std::string& pool, std::string_view body) {
    return parse_json(body).and_then([&](const nlohmann::json& value) -> read<request_type> {
        object_reader object(value);
        std::optional<jackpot::error> refused;
        jackpot::configure_request r;
        r.pool = pool;
        if (const auto text = object.text_if("when")) {
            const auto when = jackpot::parse_when(*text);
            r.when = when.value_or(jackpot::when::now);
            refused = when ? refused : jackpot::fail(errc::invalid_when, "when", *text).value();
        }
        r.patch = settings_of(object, refused);
        who_if(object, r);
        auto read = finish(object, std::move(r));
        return read && refused ? tl::unexpected(problem_of(*refused)) : std::move(read);
    });
}

read<request_type> read_adjust(const std::string& pool, std::string_view body) {
    return read_body<jackpot::adjust_request>(body, [&](object_reader& object, jackpot::adjust_request& r) {
        r.pool = pool;
        r.delta = object.integer("delta");
        who(object, r);
    });
}

read<request_type> read_confirm(const std::string& pool, std::string_view body) {
    return read_body<jackpot::confirm_request>(body, [&](object_reader& object, jackpot::confirm_request& r) {
        r.pool = pool;
        r.hold = object.text("hold");
        r.actor = object.text("actor");
        name_if(object, "reason", r.reason);
    });
}

read<request_type> read_release(const std::string& pool, std::string_view body) {
    return read_body<jackpot::release_request>(body, [&](object_reader& object, jackpot::release_request& r) {
        r.pool = pool;
        r.hold = object.text("hold");
        who(object, r);
    });
}

read<request_type> read_close(const std::string& pool, std::string_view body) {
    return read_body<jackpot::close_request>(body, [&](object_reader& object, jackpot::close_request& r) {
        r.pool = pool;
        name_if(object, "to", r.to);
        r.to_house = object.integer_if("toHouse").value_or(0);
        who(object, r);
    });
}

read<request_type> read_suspend(const std::string& pool, std::string_view body) {
    return read_status<jackpot::suspend_request>(pool, body);
}

read<request_type> read_resume(const std::string& pool, std::string_view body) {
    return read_status<jackpot::resume_request>(pool, body);
}

std::optional<problem> read_nothing(std::string_view body) {
    if (body.empty()) {
        return std::nullopt;
    }
    const auto value = parse_json(body);
    return value ? object_reader(*value).problem_found() : value.error();
}

read<std::vector<read<request_type>>> read_batch(std::string_view body) {
    auto parsed = parse_json(body);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    object_reader object(*parsed);
    const auto* wagers = object.take("wagers");
    if (wagers == nullptr) {
        object.fail("missing_field", "wagers");
    } else if (!wagers->is_array() || wagers->size() > batch_max) {
        object.fail("invalid_type", "wagers is to be an array of at most 1000 wagers");
    }
    if (auto wrong = object.problem_found()) {
        return tl::unexpected(std::move(*wrong));
    }
    std::vector<read<request_type>> requests;
    for (const auto& value : *wagers) {
        object_reader wager(value);
        const auto key = wager.text("key");
        requests.push_back(wager_of(wager));
        if (requests.back()) {
            set_key(*requests.back(), key);
        }
    }
    return requests;
}

read<std::vector<jackpot::open_request>> read_pools_file(std::string_view body) {
    auto parsed = parse_json(body);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    object_reader object(*parsed);
    const auto* pools = object.take("pools");
    if (pools == nullptr || !pools->is_array()) {
        object.fail("invalid_type", "pools is to be an array");
    }
    if (auto wrong = object.problem_found()) {
        return tl::unexpected(std::move(*wrong));
    }
    std::vector<jackpot::open_request> requests;
    for (const auto& value : *pools) {
        auto r = open_of(value);
        if (!r) {
            return tl::unexpected(r.error());
        }
        requests.push_back(std::move(*r));
    }
    return requests;
}

void set_key(request_type& request, const std::string& key) {
    jackpot::detail::visit_request(
        [&](auto& r) {
            if constexpr (requires { r.key; }) {
                r.key = key;
            }
        },
        request);
}

}  // namespace service
