// SPDX-License-Identifier: BSL-1.0
#include "commits.hpp"

namespace service {

/// It is here from `submit` until its answer.
struct commits::waiting_request : submission {
    waiting_request(commits& of, request_type r, done whom)
        : submission(asked, receipt, complete), owner(of), asked(std::move(r)), then(std::move(whom)) {}

    static void complete(submission& s) noexcept {
        auto& r = static_cast<waiting_request&>(s);
        r.owner.finish(r);
    }

    commits& owner;
    request_type asked;
    jackpot::receipt receipt{};
    done then;
    clock::time_point since = clock::now();
    waiting_list::iterator place{};
};

commits::commits(ledger& store, post to_server, std::chrono::milliseconds deadline)
    : store_(store), post_(std::move(to_server)), deadline_(deadline), thread_([this] { run(); }) {
}

commits::~commits() {
    {
        const std::lock_guard guard(lock_);
        ending_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void commits::submit(request_type request, done then) {
    waiting_.emplace_back(*this, std::move(request), std::move(then));
    auto& r = waiting_.back();
    r.place = std::prev(waiting_.end());
    const auto first = store_.submit(r);
    if (!first) {
        const auto tell = std::move(r.then);
        waiting_.pop_back();
        tell({tl::unexpected(first.error())});
    } else if (*first) {
        wake();
    }
}

void commits::wake() {
    {
        const std::lock_guard guard(lock_);
        to_pump_ = true;
    }
    woken_.notify_one();
}

void commits::run() {
    for (;;) {
        {
            std::unique_lock lock(lock_);
            woken_.wait(lock, [this] { return to_pump_ || ending_; });
            if (ending_) {
                return;
            }
            to_pump_ = false;
        }
        const auto began = clock::now();
        pumping_since_ = began.time_since_epoch().count();
        // Shared, for what is posted is copied.
        const auto answered = std::make_shared<answers>(store_.pump());
        pumping_since_ = 0;
        const auto took = clock::now() - began;
        if (answered->more()) {
            wake();
        }
        if (answered->size() > 0) {
            post_([this, answered, began, took] {
                commit_began_ = began;
                commit_took_ = took;
                if (on_commit) {
                    on_commit({answered->size(), took});
                }
                answered->complete();
            });
        }
    }
}

void commits::finish(waiting_request& r) {
    commit_answer answer{r.result().map([&] { return std::move(r.receipt); }),
                         (std::max)(commit_began_ - r.since, clock::duration(0)), commit_took_};
    const auto tell = std::move(r.then);
    waiting_.erase(r.place);
    tell(std::move(answer));
}

void commits::cancel_late() {
    const auto before = clock::now() - deadline_;
    for (auto at = waiting_.begin(); at != waiting_.end() && at->since < before;) {
        waiting_request& r = *at++;
        if (store_.cancel(r)) {
            ++cancelled_;
            const auto tell = std::move(r.then);
            const auto waited = clock::now() - r.since;
            waiting_.erase(r.place);
            tell({jackpot::fail(jackpot::errc::cancelled, "it waited longer than the deadline"), waited});
        }
    }
}

std::chrono::milliseconds commits::in_commit() const noexcept {
    const auto since = pumping_since_.load();
    return since == 0 ? std::chrono::milliseconds(0)
                      : std::chrono::duration_cast<std::chrono::milliseconds>(
                            clock::now() - clock::time_point(clock::duration(since)));
}

}  // namespace service
