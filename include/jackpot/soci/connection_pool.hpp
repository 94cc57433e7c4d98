// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_CONNECTION_POOL_HPP
#define JACKPOT_SOCI_CONNECTION_POOL_HPP

#include <jackpot/soci/connection.hpp>

namespace jackpot { inline namespace v1 {

/// How many connections a store may have to its database, and how long, in milliseconds, a caller waits
/// for one where all are in use.
struct connection_options {
    std::uint32_t count = 1;
    std::uint32_t wait_ms = 5000;
};

/// How a store's connections are used.
struct connection_usage {
    std::uint32_t count = 0;
    std::uint32_t in_use = 0;
    std::uint64_t replaced = 0;  ///< were lost, and made anew

    /// Of a hundred.
    [[nodiscard]] std::uint32_t available() const noexcept { return 100 * (count - in_use) / count; }
};

namespace sql {

/// The connections of a store, each with its own statements; each belongs to one borrower at a time.
class connections {
public:
    connections(const dialect& engine, location where, const connection_options& o)
        : where_(std::move(where)), wait_ms_(static_cast<int>(o.wait_ms & 0x7FFF'FFFFU)), sessions_(o.count) {
        for (std::uint32_t i = 0; i < o.count; ++i) {
            held_.push_back(std::make_unique<connection>(engine, where_, sessions_.at(i)));
        }
    }

    /// Gives the connection back when it is destroyed, without a transaction that may be open in it.
    class lease {
    public:
        lease(connections& from, std::size_t at) noexcept : from_(&from), at_(at) { ++from_->in_use_; }
        ~lease() {
            if (operator*().in_transaction()) {
                operator*().abandon();
            }
            note_doubt();
            --from_->in_use_;
            from_->sessions_.give_back(at_);
        }
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;

        [[nodiscard]] connection& operator*() const noexcept { return *from_->held_[at_]; }

        /// Runs `body` with the connection; once more where it turns out to have been lost before. Nobody
        /// tells when a server ends while nothing is asked of it.
        template <class Body>
        auto run(Body&& body) -> std::invoke_result_t<Body&, connection&> {
            // Nothing may be acknowledged by what can be read, unless that is durable.
            if (const std::uint64_t doubts = from_->doubts_; doubts > from_->proved_) {
                if (const auto proved = again([](connection& c) { return c.prove(); }); !proved) {
                    return tl::unexpected(proved.error());
                }
                from_->proved_ = doubts;  // those alone that were there before
            }
            auto result = again(body);
            note_doubt();
            return result;
        }

    private:
        void note_doubt() noexcept { from_->doubts_ += operator*().left_in_doubt() ? 1 : 0; }

        template <class Body>
        auto again(Body&& body) -> std::invoke_result_t<Body&, connection&> {
            auto result = body(operator*());
            return operator*().lost_in_vain() ? body(operator*()) : result;
        }

        connections* from_;
        std::size_t at_;
    };

    /// Borrows a connection for `body(lease&)`. Error: unavailable, where none came free in time.
    template <class Body>
    auto borrow(Body&& body) -> std::invoke_result_t<Body&, lease&> {
        std::size_t at = 0;
        if (!sessions_.try_lease(at, wait_ms_)) {
            return fail(errc::unavailable, "every connection is in use, and none came free in time");
        }
        lease held(*this, at);
        return body(held);
    }

    [[nodiscard]] connection_usage usage() const noexcept {
        connection_usage now{static_cast<std::uint32_t>(held_.size()), in_use_};
        for (const auto& each : held_) {
            now.replaced += each->replaced();
        }
        return now;
    }
    [[nodiscard]] const dialect& engine() const noexcept { return held_.front()->engine(); }
    [[nodiscard]] const location& where() const noexcept { return where_; }

private:
    location where_;
    int wait_ms_;
    soci::connection_pool sessions_;
    std::vector<std::unique_ptr<connection>> held_;
    std::atomic<std::uint32_t> in_use_ = 0;
    std::atomic<std::uint64_t> doubts_ = 0;  // commits that may have landed without being durable
    std::atomic<std::uint64_t> proved_ = 0;  // those of them that are durable by now, or are not there
};

}  // namespace sql
}}  // namespace jackpot::v1

#endif
