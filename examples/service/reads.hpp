// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_READS_HPP
#define SERVICE_READS_HPP

#include "http.hpp"
#include "ledger.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace service {

/// A thread that asks the store what needs no commit. Everything is called on the server's thread, and called
/// back there.
class reads {
public:
    using states = std::shared_ptr<const jackpot::snapshot>;
    using with_states = std::function<void(const jackpot::expected<states>&)>;
    using with_page = std::function<void(const jackpot::expected<std::vector<jackpot::operation>>&)>;
    using with_result = std::function<void(const jackpot::expected<void>&)>;
    using post = std::function<void(std::function<void()>)>;

    reads(ledger& store, post to_server, std::chrono::milliseconds deadline);
    ~reads();
    reads(const reads&) = delete;
    reads& operator=(const reads&) = delete;

    /// The states by a load that begins after this call. All who ask before it begins share it.
    void load(with_states then);
    void history(jackpot::history_query q, with_page then);
    void seal(bool sealed, with_result then);

    /// Answers those with `unavailable` who have waited longer than the deadline.
    void refuse_late();

private:
    /// Says no, or does what it waited for; whichever is first.
    struct waiter {
        clock::time_point since = clock::now();
        std::function<void(const jackpot::error&)> refuse;
    };
    using ticket = std::uint64_t;

    void run();
    void enqueue(std::function<void()> work);
    void load_now();
    ticket wait(std::function<void(const jackpot::error&)> refuse);
    /// False where it was refused already.
    [[nodiscard]] bool take(ticket t) { return waiting_.erase(t) != 0; }

    ledger& store_;
    post post_;
    std::chrono::milliseconds deadline_;
    std::map<ticket, waiter> waiting_;
    ticket next_ = 0;
    std::mutex lock_;
    std::condition_variable woken_;
    std::vector<std::pair<ticket, with_states>> loads_;
    std::vector<std::function<void()>> work_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace service

#endif
