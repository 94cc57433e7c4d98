// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DEFINITIONS_HPP
#define JACKPOT_SOCI_DEFINITIONS_HPP

#include <jackpot/soci/connection_pool.hpp>
#include <jackpot/soci/engines.hpp>
#include <jackpot/soci/schema.hpp>
#include <jackpot/soci/session_storage.hpp>
#include <jackpot/soci/storage.hpp>
#include <jackpot/soci/verify.hpp>

// What storage.hpp declares.

namespace jackpot { inline namespace v1 {

template <amount Amount>
basic_soci_storage<Amount>::basic_soci_storage(std::unique_ptr<sql::connections> made)
    : connections_(std::move(made)) {
}
template <amount Amount>
basic_soci_storage<Amount>::basic_soci_storage(basic_soci_storage&& other) noexcept = default;
template <amount Amount>
basic_soci_storage<Amount>& basic_soci_storage<Amount>::operator=(basic_soci_storage&& other) noexcept =
    default;
template <amount Amount>
basic_soci_storage<Amount>::~basic_soci_storage() = default;

template <amount Amount>
expected<basic_soci_storage<Amount>> basic_soci_storage<Amount>::connect(std::string_view url, open_mode mode,
                                                                         const connection_options& o) {
    const auto engine = sql::dialect_of(url);
    if (!engine) {
        return tl::unexpected(engine.error());
    }
    auto where = (*engine)->locate(url, mode);
    if (!where) {
        return tl::unexpected(where.error());
    }
    if (o.count == 0) {
        return fail(errc::unsupported, "a store without connections");
    }
    if (o.count > 1 && where->of_one_connection) {
        return fail(errc::unsupported, where->shown,
                    "each connection would have a database of its own: open it with one, or name a file");
    }
    bool lost = false;
    return sql::attempt(**engine, lost, [&] {
        return basic_soci_storage(std::make_unique<sql::connections>(**engine, std::move(*where), o));
    });
}

template <amount Amount>
template <class Body>
auto basic_soci_storage<Amount>::set_up(Body&& body)
    -> expected<std::invoke_result_t<Body&, sql::connection&>> {
    auto done =
        connections_->borrow([&](auto& held) { return (*held).attempt([&] { return body(*held); }); });
    if (!done && done.error().code != errc::schema_mismatch) {
        return fail(done.error().code, connections_->where().shown, done.error().detail);
    }
    return done;
}

template <amount Amount>
expected<basic_soci_storage<Amount>> basic_soci_storage<Amount>::open(text_view url, open_mode mode,
                                                                      const connection_options& o) {
    auto opened = connect(url, mode, o);
    if (!opened) {
        return opened;
    }
    const auto ready = opened->set_up([&](sql::connection& c) { sql::ensure_schema<Amount>(c, mode); });
    return ready ? std::move(opened) : tl::unexpected(ready.error());
}

template <amount Amount>
template <class Body>
auto basic_soci_storage<Amount>::visit(text_view url, Body&& body)
    -> expected<std::invoke_result_t<Body&, sql::connection&>> {
    return connect(url, open_mode::existing, {}).and_then([&](basic_soci_storage opened) {
        return opened.set_up(body);
    });
}

template <amount Amount>
expected<sql::schema_state> basic_soci_storage<Amount>::inspect(text_view url) {
    return visit(url, sql::inspect<Amount>);
}

template <amount Amount>
template <class Verb>
auto basic_soci_storage<Amount>::with_session(Verb&& verb) {
    return connections_->borrow([&](auto& held) {
        return held.run([&](sql::connection& c) { return verb(sql::session_storage<Amount>(c)); });
    });
}

template <amount Amount>
expected<void> basic_soci_storage<Amount>::load(basic_snapshot<Amount>& states) {
    return with_session([&](auto store) { return store.load(states); });
}
template <amount Amount>
expected<commit_result> basic_soci_storage<Amount>::commit(const basic_commit<Amount>& c) {
    return with_session([&](auto store) { return store.commit(c); });
}
template <amount Amount>
expected<bool> basic_soci_storage<Amount>::find(const name& key, basic_operation<Amount>& found) {
    return with_session([&](auto store) { return store.find(key, found); });
}
template <amount Amount>
expected<void> basic_soci_storage<Amount>::read(const history_query& q,
                                                std::vector<basic_operation<Amount>>& page) {
    return with_session([&](auto store) { return store.read(q, page); });
}
template <amount Amount>
expected<void> basic_soci_storage<Amount>::seal(bool sealed) {
    return with_session([&](auto store) { return store.seal(sealed); });
}
template <amount Amount>
expected<commit_result> basic_soci_storage<Amount>::rewrite(const basic_snapshot<Amount>& states) {
    return with_session([&](auto store) { return store.rewrite(states); });
}

template <amount Amount>
expected<void> basic_soci_storage<Amount>::trace_keys(const sequence_range& range,
                                                      std::vector<key_trace>& traces) {
    return with_session([&](auto store) { return store.trace_keys(range, traces); });
}

template <amount Amount>
expected<void> basic_soci_storage<Amount>::hold(void (*body)(void* of, sql::locked_store<Amount>& store),
                                                void* of) {
    return connections_->borrow([&](auto& held) -> expected<void> {
        auto locked = held.run([](sql::connection& c) { return sql::session_storage<Amount>(c).lock(); });
        if (locked) {
            sql::session_storage<Amount> store(*held);
            body(of, store);
        }
        return locked;
    });
}

template <amount Amount>
expected<std::vector<std::string>> basic_soci_storage<Amount>::durability() {
    return connections_->borrow([](auto& held) {
        return held.run(
            [](sql::connection& c) { return c.attempt([&] { return sql::read_durability(c); }); });
    });
}

template <amount Amount>
Amount basic_soci_storage<Amount>::amount_max() const {
    const int digits = connections_->engine().type_of(sql::field<Amount>::kind).digits;
    Amount power = 1;
    for (int i = 0; i < digits; ++i) {
        power *= 10;
    }
    return digits == 0 ? amount_traits<Amount>::amount_max() : Amount(power - 1);
}

template <amount Amount>
connection_usage basic_soci_storage<Amount>::usage() const noexcept {
    return connections_->usage();
}

template <amount Amount>
expected<std::string> print_schema(text_view engine) {
    std::string url = std::string(engine) + "://";
    std::string_view rest = url;
    return sql::dialect_of(rest).map(
        [](const sql::dialect* found) { return sql::schema_script<Amount>(*found); });
}

namespace sql {

[[nodiscard]] inline std::string shown_url(std::string_view url) {
    const std::string scheme(url.substr(0, url.find(':')));
    const auto where = dialect_of(url).and_then(
        [&](const dialect* engine) { return engine->locate(url, open_mode::create); });
    return where ? where->shown : scheme + "://...";
}

}  // namespace sql

#if !defined(JACKPOT_SOCI_COMPILED)
inline std::string without_password(text_view url) {
    return sql::shown_url(url);
}
#endif

}}  // namespace jackpot::v1

#endif
