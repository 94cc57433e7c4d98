// SPDX-License-Identifier: BSL-1.0
#include "reads.hpp"

namespace service {

reads::reads(ledger& store, post to_server, std::chrono::milliseconds deadline)
    : store_(store), post_(std::move(to_server)), deadline_(deadline), thread_([this] { run(); }) {
}

reads::~reads() {
    {
        const std::lock_guard guard(lock_);
        ending_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void reads::run() {
    for (;;) {
        std::vector<std::function<void()>> work;
        {
            std::unique_lock lock(lock_);
            woken_.wait(lock, [this] { return !work_.empty() || !loads_.empty() || ending_; });
            if (ending_) {
                return;
            }
            work.swap(work_);
        }
        load_now();
        for (const auto& each : work) {
            each();
        }
    }
}

void reads::load_now() {
    std::vector<std::pair<ticket, with_states>> asked;
    {
        const std::lock_guard guard(lock_);
        asked.swap(loads_);
    }
    if (asked.empty()) {
        return;
    }
    const auto loaded = std::make_shared<jackpot::snapshot>();
    const auto result = store_.load(*loaded).map([&]() -> states { return loaded; });
    post_([this, asked = std::move(asked), result] {
        for (const auto& [t, then] : asked) {
            if (take(t)) {
                then(result);
            }
        }
    });
}

void reads::enqueue(std::function<void()> work) {
    {
        const std::lock_guard guard(lock_);
        work_.push_back(std::move(work));
    }
    woken_.notify_one();
}

reads::ticket reads::wait(std::function<void(const jackpot::error&)> refuse) {
    waiting_[++next_] = {.refuse = std::move(refuse)};
    return next_;
}

void reads::load(with_states then) {
    const auto t = wait([then](const jackpot::error& e) { then(tl::unexpected(e)); });
    {
        const std::lock_guard guard(lock_);
        loads_.emplace_back(t, std::move(then));
    }
    woken_.notify_one();
}

void reads::history(jackpot::history_query q, with_page then) {
    const auto t = wait([then](const jackpot::error& e) { then(tl::unexpected(e)); });
    enqueue([this, t, q = std::move(q), then = std::move(then)] {
        std::vector<jackpot::operation> page;
        const auto read = store_.read(q, page);
        post_([this, t, then, page = read.map([&] { return std::move(page); })] {
            if (take(t)) {
                then(page);
            }
        });
    });
}

void reads::seal(bool sealed, with_result then) {
    const auto t = wait([then](const jackpot::error& e) { then(tl::unexpected(e)); });
    enqueue([this, t, sealed, then = std::move(then)] {
        post_([this, t, then, done = store_.seal(sealed)] {
            if (take(t)) {
                then(done);
            }
        });
    });
}

void reads::refuse_late() {
    const auto before = clock::now() - deadline_;
    while (!waiting_.empty() && waiting_.begin()->second.since < before) {
        const auto refuse = std::move(waiting_.begin()->second.refuse);
        waiting_.erase(waiting_.begin());
        refuse({jackpot::errc::unavailable, "the store has not answered in time"});
    }
}

}  // namespace service
