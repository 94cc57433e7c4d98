// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_COMMITS_HPP
#define SERVICE_COMMITS_HPP

#include "api.hpp"
#include "http.hpp"
#include "ledger.hpp"

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace service {

/// The answer to one request, and how long it waited and was in its commit.
struct commit_answer {
    jackpot::expected<jackpot::receipt> receipt;
    std::chrono::duration<double> queued{};
    std::chrono::duration<double> committing{};
};

/// What one commit did.
struct commit_facts {
    std::size_t operations = 0;
    std::chrono::duration<double> took{};
};

/// A thread that pumps. Everything else is called on the server's thread, to which each commit's answers come
/// back as one piece of work: so nothing else in the service needs a lock.
class commits {
public:
    using done = std::function<void(commit_answer)>;
    using post = std::function<void(std::function<void()>)>;

    commits(ledger& store, post to_server, std::chrono::milliseconds deadline);
    /// Everything must be answered before.
    ~commits();
    commits(const commits&) = delete;
    commits& operator=(const commits&) = delete;

    /// `then` is called once: from here, where the queue is full or closed, or later.
    void submit(request_type request, done then);

    /// Takes back what has waited longer than the deadline and is in no commit yet: it ends as cancelled.
    void cancel_late();

    /// Called for each commit, on the server's thread, before its answers.
    std::function<void(const commit_facts&)> on_commit;

    /// Not answered yet.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::uint64_t cancelled() const noexcept { return cancelled_; }
    /// How long the thread has been in one commit; 0 where it is in none.
    [[nodiscard]] std::chrono::milliseconds in_commit() const noexcept;

private:
    struct waiting_request;
    using waiting_list = std::list<waiting_request>;

    void run();
    void wake();
    void finish(waiting_request& r);

    ledger& store_;
    post post_;
    std::chrono::milliseconds deadline_;
    waiting_list waiting_;  // oldest first
    std::uint64_t cancelled_ = 0;
    clock::time_point commit_began_{};  // of the answers that are being completed
    clock::duration commit_took_{};
    std::atomic<clock::rep> pumping_since_ = 0;
    std::mutex lock_;
    std::condition_variable woken_;
    bool to_pump_ = false;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace service

#endif
