// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_FIBER_HPP
#define JACKPOT_TESTS_SIMULATION_FIBER_HPP

#include <csetjmp>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <ucontext.h>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define SIMULATION_PLAIN_SWITCH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIMULATION_PLAIN_SWITCH 1
#endif
#endif

namespace simulation {

/// A function with a stack of its own, which can stop in the middle and go on later: the writers of a
/// simulation take turns within their calls, on one thread.
class fiber {
public:
    explicit fiber(std::function<void()> body) : body_(std::move(body)), stack_(take_stack()) {
        getcontext(&inside_);
        inside_.uc_stack.ss_sp = stack_;
        inside_.uc_stack.ss_size = stack_bytes;
        inside_.uc_link = nullptr;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        makecontext(&inside_, reinterpret_cast<void (*)()>(&fiber::enter), 2,
                    static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
    }
    fiber(const fiber&) = delete;
    fiber& operator=(const fiber&) = delete;
    ~fiber() { free_stacks().push_back(stack_); }

    [[nodiscard]] bool ended() const noexcept { return ended_; }

    /// Runs the function until it yields or returns.
    void resume() {
#ifdef SIMULATION_PLAIN_SWITCH
        swapcontext(&outside_, &inside_);
#else
        // swapcontext asks the kernel for the signal mask each time; only the first switch needs it.
        if (_setjmp(left_) == 0) {
            if (std::exchange(began_, true)) {
                _longjmp(stopped_, 1);
            }
            swapcontext(&outside_, &inside_);
        }
#endif
    }

    /// Called by the function: goes back to who resumed it.
    void yield() {
#ifdef SIMULATION_PLAIN_SWITCH
        swapcontext(&inside_, &outside_);
#else
        if (_setjmp(stopped_) == 0) {
            _longjmp(left_, 1);
        }
#endif
    }

private:
    static constexpr std::size_t stack_bytes = 512 * 1024;

    static std::vector<char*>& free_stacks() {
        static std::vector<char*> stacks;
        return stacks;
    }
    static char* take_stack() {
        auto& free = free_stacks();
        if (free.empty()) {
            return static_cast<char*>(std::malloc(stack_bytes));
        }
        char* const stack = free.back();
        free.pop_back();
        return stack;
    }

    static void enter(unsigned high, unsigned low) {
        auto* self = reinterpret_cast<fiber*>((static_cast<std::uintptr_t>(high) << 32) | low);
        self->body_();
        self->ended_ = true;
        self->yield();
        std::abort();
    }

    std::function<void()> body_;
    char* stack_;
    ucontext_t inside_{};
    ucontext_t outside_{};
    std::jmp_buf left_{};
    std::jmp_buf stopped_{};
    bool began_ = false;
    bool ended_ = false;
};

}  // namespace simulation

#endif
