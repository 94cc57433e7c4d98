// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_CALLS_HPP
#define JACKPOT_C_API_CALLS_HPP

#include <jackpot/c_api/network.hpp>
#include <jackpot/c_api/requests.hpp>

#include <new>

// What every function of c_api.h does around its own three lines: checks, the boundary of exceptions, the
// last error.

namespace jackpot { inline namespace v1 { namespace detail {

/// No exception leaves the library: without memory, standard containers throw one.
template <class Body>
expected<void> guarded(Body&& body) noexcept {
#ifdef __cpp_exceptions
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    } catch (...) {
        return fail(errc::corrupt, "an exception that the library did not expect");
    }
#else
    return body();
#endif
}

inline void copy_text(std::string_view from, char* to, std::uint32_t size) noexcept {
    if (to != nullptr && size != 0) {
        std::size_t fits = (std::min<std::size_t>)(from.size(), size - 1);
        while (fits != 0 && fits != from.size() && (static_cast<unsigned char>(from[fits]) & 0xC0) == 0x80) {
            --fits;
        }
        from.copy(to, fits);
        to[fits] = '\0';
    }
}

[[nodiscard]] inline jackpot_status status_of(const expected<void>& done) noexcept {
    return done ? JACKPOT_OK : static_cast<jackpot_status>(done.error().code);
}

/// Runs a call that another thread may make beside the network's owner, whose last error it leaves alone.
template <class Body>
jackpot_status call_beside(jackpot_network* network, Body&& body) noexcept {
    if (network == nullptr) {
        return JACKPOT_INVALID_OPERATION;
    }
    const expected<void> done = guarded([&] { return body(*network); });
    network->last_error.keep_beside(done);
    return status_of(done);
}

/// Runs a call on a network, and keeps what went wrong.
template <class Body>
jackpot_status call(jackpot_network* network, Body&& body) noexcept {
    if (network == nullptr) {
        return JACKPOT_INVALID_OPERATION;
    }
    const expected<void> done = guarded([&] { return body(*network); });
    network->last_error.keep(done);
    return status_of(done);
}

/// A call that hands a value out: `get(network)` is an expected one, which `use` takes.
template <class Get, class Use>
jackpot_status answer(jackpot_network* network, Get&& get, Use&& use) noexcept {
    return call(network, [&](jackpot_network& n) -> expected<void> {
        const auto got = get(n);
        if (!got) {
            return tl::unexpected(got.error());
        }
        return use(*got);
    });
}

/// An operation: checks both structs, makes the library's request of the caller's, and gives the receipt.
template <class Request, class Submit>
jackpot_status operate(jackpot_network* network, const Request* request, jackpot_receipt* receipt,
                       Submit&& submit) noexcept {
    return call(network, [&](jackpot_network& n) -> expected<void> {
        Request taken;
        jackpot_receipt room{};
        if (auto sound = take(request, taken); !sound) {
            return sound;
        }
        if (receipt != nullptr) {
            if (auto sound = take(receipt, room); !sound) {
                return sound;
            }
        }
        if (auto done = submit(n, taken); !done) {
            return done;
        }
        return receipt == nullptr ? success() : give_receipt(n.receipt, room, receipt);
    });
}

/// An operation by a request of the library's type `To`.
template <class To, class Request>
jackpot_status submit(jackpot_network* network, const Request* request, jackpot_receipt* receipt) noexcept {
    return operate(network, request, receipt, [&](jackpot_network& n, const Request& r) -> expected<void> {
        basic_request<std::int64_t> asked;
        if (auto made = to_request_of<To>(r, asked); !made) {
            return made;
        }
        auto done = n.submit(asked);
        if (!done) {
            return tl::unexpected(done.error());
        }
        n.receipt = std::move(*done);
        return success();
    });
}

/// Puts a request of the library's type `To` into the queue.
template <class To, class Request>
jackpot_status submit_later(jackpot_network* network, const Request* request,
                            jackpot_submission* submission) noexcept {
    return call_beside(network, [&](jackpot_network& n) -> expected<void> {
        Request taken;
        jackpot_submission s;
        if (auto sound = take(request, taken); !sound) {
            return sound;
        }
        if (auto sound = take(submission, s); !sound) {
            return sound;
        }
        if (s.answered == nullptr) {
            return fail(errc::invalid_operation, "answered", "NULL");
        }
        return n.submitted
            .submit(s, [&](basic_request<std::int64_t>& to) { return to_request_of<To>(taken, to); })
            .and_then([&] { return give(s, submission); });
    });
}

}}}  // namespace jackpot::v1::detail

#endif
