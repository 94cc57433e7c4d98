// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_LEDGER_HPP
#define SERVICE_LEDGER_HPP

#include <jackpot/core/snapshot.hpp>
#include <jackpot/network/submission.hpp>
#include <jackpot/soci/options.hpp>
#include <jackpot/store/storage.hpp>

#include <functional>
#include <memory>
#include <string>

namespace service {

using submission = jackpot::basic_submission<std::int64_t>;
using answers = jackpot::basic_answers<std::int64_t>;

struct ledger_options {
    std::string url;  ///< "memory", or what `jackpot::soci_storage::open` takes
    std::uint32_t connections = 8;
    std::size_t batch = 256;
    std::size_t waiting_max = 65'536;
};

/// A store and the `async_network` over it, whichever store it is. The network's calls are here as they are
/// there; those of the store may block, and any thread may make them.
class ledger {
public:
    virtual ~ledger() = default;

    [[nodiscard]] virtual jackpot::expected<bool> submit(submission& s) noexcept = 0;
    [[nodiscard]] virtual bool cancel(submission& s) noexcept = 0;
    [[nodiscard]] virtual answers pump() noexcept = 0;
    virtual void close() noexcept = 0;
    [[nodiscard]] virtual std::size_t waiting() const noexcept = 0;

    [[nodiscard]] virtual jackpot::expected<void> load(jackpot::snapshot& states) = 0;
    [[nodiscard]] virtual jackpot::expected<void> read(const jackpot::history_query& q,
                                                       std::vector<jackpot::operation>& page) = 0;
    [[nodiscard]] virtual jackpot::expected<void> seal(bool sealed) = 0;
    /// Opens what is missing, before anything is submitted. A pool that is there is left as it is.
    [[nodiscard]] virtual jackpot::expected<void> ensure(const jackpot::open_request& r) = 0;
    [[nodiscard]] virtual jackpot::connection_usage usage() const noexcept = 0;
    /// How an acknowledged commit can still be lost, in sentences.
    [[nodiscard]] virtual std::vector<std::string> durability() = 0;
    /// "memory", "sqlite", "postgresql" or "mysql".
    [[nodiscard]] virtual std::string engine() const = 0;
    /// The URL without user, password and options.
    [[nodiscard]] virtual std::string shown() const = 0;
};

[[nodiscard]] jackpot::expected<std::unique_ptr<ledger>> open_ledger(const ledger_options& o);

}  // namespace service

#endif
