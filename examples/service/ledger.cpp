// SPDX-License-Identifier: BSL-1.0
#include "ledger.hpp"

#include <jackpot/jackpot.hpp>
#include <jackpot/network/async_network.hpp>
#include <jackpot/soci.hpp>

namespace service {

namespace {

template <class Storage>
class ledger_over final : public ledger {
public:
    ledger_over(Storage store, const ledger_options& o) requires std::move_constructible<Storage>
        : store_(std::move(store)), url_(o.url), network_(store_, {}, policy(o)) {}
    explicit ledger_over(const ledger_options& o) requires std::default_initializable<Storage>
        : url_(o.url), network_(store_, {}, policy(o)) {}

    jackpot::expected<bool> submit(submission& s) noexcept override { return network_.submit(s); }
    bool cancel(submission& s) noexcept override { return network_.cancel(s); }
    answers pump() noexcept override { return network_.pump(); }
    void close() noexcept override { network_.close(); }
    std::size_t waiting() const noexcept override { return network_.waiting(); }

    jackpot::expected<void> load(jackpot::snapshot& states) override { return store_.load(states); }
    jackpot::expected<void> read(const jackpot::history_query& q,
                                 std::vector<jackpot::operation>& page) override {
        return store_.read(q, page);
    }
    jackpot::expected<void> seal(bool sealed) override { return store_.seal(sealed); }
    jackpot::expected<void> ensure(const jackpot::open_request& r) override {
        return jackpot::network(store_).ensure(r).map([](const auto&) {});
    }
    jackpot::connection_usage usage() const noexcept override {
        if constexpr (requires { store_.usage(); }) {
            return store_.usage();
        } else {
            return {.count = 1};  // memory has no connection, and never lacks one
        }
    }
    std::vector<std::string> durability() override {
        if constexpr (requires { store_.durability(); }) {
            return store_.durability().value_or(std::vector<std::string>());
        } else {
            return {"the store is this process's memory, and ends with it"};
        }
    }
    std::string engine() const override {
        auto scheme = url_.substr(0, url_.find(':'));
        return scheme == "mariadb" ? "mysql" : scheme == "postgres" ? "postgresql" : scheme;
    }
    std::string shown() const override { return url_ == "memory" ? url_ : jackpot::without_password(url_); }

private:
    static jackpot::group_policy policy(const ledger_options& o) {
        return {.batch = o.batch, .waiting_max = o.waiting_max};
    }

    Storage store_;
    std::string url_;
    jackpot::async_network<Storage> network_;
};

}  // namespace

jackpot::expected<std::unique_ptr<ledger>> open_ledger(const ledger_options& o) {
    if (o.url == "memory") {
        return std::make_unique<ledger_over<jackpot::memory_storage<>>>(o);
    }
    return jackpot::soci_storage::open(o.url, jackpot::open_mode::create, {.count = o.connections})
        .map([&](auto&& store) -> std::unique_ptr<ledger> {
            return std::make_unique<ledger_over<jackpot::soci_storage>>(std::move(store), o);
        });
}

}  // namespace service
