// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_CONNECTION_HPP
#define JACKPOT_SOCI_CONNECTION_HPP

#include <jackpot/soci/statement.hpp>

#include <atomic>
#include <unordered_map>

namespace jackpot { inline namespace v1 { namespace sql {

/// A session with its dialect, its statements, and the transaction that may be open in it. It connects
/// when it is first used, and again where it was lost.
class connection {
public:
    connection(const dialect& engine, const location& where, soci::session& session)
        : engine_(engine), where_(where), session_(session) {}
    ~connection() { abandon(); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    [[nodiscard]] const dialect& engine() const noexcept { return engine_; }
    [[nodiscard]] const location& where() const noexcept { return where_; }
    /// How a commit's script is made in this session; null where none proves that it committed.
    [[nodiscard]] const script_form* script() const noexcept { return script_; }

    /// Runs `body`; where it fails nothing of it stays, neither in the database nor here.
    template <class Body>
    auto attempt(Body&& body) {
        auto result = sql::attempt(engine_, lost_, [&] {
            open();
            return body();
        });
        if (!result) {
            abandon();
        }
        return result;
    }

    [[nodiscard]] statement& prepared(const std::string& sql) {
        return statements_.try_emplace(sql, engine_, session_, sql).first->second;
    }
    void run_once(std::string_view sql) {
        engine_.run_script == nullptr ? void(session_ << sql) : engine_.run_script(session_, sql);
    }
    void run_script(std::string_view script) { engine_.run_script(session_, script); }
    /// A script that commits the transaction, which it begins where none is open.
    void run_transaction(std::string_view script) {
        in_transaction_ = true;
        committing_ = true;
        run_script(script);
        committing_ = false;
        in_transaction_ = false;
    }
    template <class Produce>
    void copy(const std::string& statement, Produce&& produce) {
        engine_.copy(session_, statement, produce);
    }

    template <class Produce>
    void run_many(const std::string& statement, Produce&& produce) {
        engine_.run_many(session_, prepared(statement).native(), produce);
    }

    /// Appends the value as SQL.
    void append_literal(const cell& value, std::string& text) {
        if (value.state == soci::i_null) {
            text.append("NULL");
        } else if (value.number_bound) {
            text.append(std::to_string(value.number));
        } else {
            engine_.quote(session_, value.text, text);
        }
    }

    [[nodiscard]] bool in_transaction() const noexcept { return in_transaction_; }
    /// Each begins a transaction unless one is open.
    void begin_reading() { begin(engine_.begin_reading); }
    void begin_writing() { begin(engine_.begin_writing); }
    /// Runs what commits: where its answer is lost, or says less than that it is durable, nobody knows
    /// whether it did.
    template <class Body>
    auto committing(Body&& body) -> std::invoke_result_t<Body&> {
        static_cast<void>(certain());
        committing_ = true;
        auto result = body();
        if (!certain()) {
            in_doubt_ = true;
            throw_if_failed(
                fail(errc::unavailable, "the server no longer waits for its standby: perhaps committed"));
        }
        committing_ = false;
        return result;
    }
    /// Ends well once everything that this session can see is durable, whatever became of commits before.
    expected<void> prove() {
        return engine_.prove.empty()
                   ? expected<void>()
                   : attempt([&] { committing([&] { return run_once(engine_.prove), true; }); });
    }
    /// A commit's outcome was left open here since this was last asked.
    [[nodiscard]] bool left_in_doubt() noexcept { return std::exchange(in_doubt_, false); }
    void commit() {
        if (!engine_.may_commit(session_)) {
            throw_if_failed(fail(errc::unavailable, "the engine gave up the transaction"));
        }
        committing([&] { return prepared("COMMIT").run(); });
        in_transaction_ = false;
    }
    /// Does nothing where none is open.
    void roll_back() {
        if (in_transaction_) {
            prepared("ROLLBACK").run();
            in_transaction_ = false;
        }
    }

    /// After a failure: the engine may have rolled back by itself, and a statement that failed cannot be
    /// run again. First the transaction: PostgreSQL keeps statements that end in one that failed.
    void abandon() noexcept {
        if (in_transaction_ && !lost_) {
            // A transaction that stayed open the next one's beginning would commit. One that the server
            // rolled back already, as another node's was first, is said to be a conflict.
            const auto done = sql::attempt(engine_, lost_, [&] { run_once("ROLLBACK"); });
            lost_ = lost_ || (!done && done.error().code != errc::conflict);
        }
        in_transaction_ = false;
        committing_ = committing_ && lost_;  // a session that answered, if with an error, left no doubt
        in_doubt_ = in_doubt_ || committing_;
        if (!statements_.empty() && !lost_ && engine_.forget != nullptr) {
            static_cast<void>(sql::attempt(engine_, lost_, [&] { engine_.forget(session_); }));
        }
        statements_.clear();
        if (lost_ && opened_) {
            session_.close();  // now: where the server is still there, so are the transaction's locks
        }
    }

    /// The same where the body goes on. Error: unavailable, where the session ended with its transaction.
    void start_over() {
        abandon();
        if (lost_) {
            throw_if_failed(fail(errc::unavailable, "the session ended with its transaction"));
        }
    }

    /// The session was lost, and nothing that was asked of it can have been done: the caller may ask again.
    [[nodiscard]] bool lost_in_vain() const noexcept { return opened_ && lost_ && !in_doubt_; }
    /// How often it was made anew. Any thread may ask.
    [[nodiscard]] std::uint64_t replaced() const noexcept { return replaced_; }

private:
    void open() {
        if (opened_ && !lost_) {
            return;
        }
        if (opened_) {
            opened_ = false;
            ++replaced_;
            session_.close();
        }
        lost_ = true;
        if (engine_.connect != nullptr) {
            engine_.connect(session_, where_);
            opened_ = true;
        } else {
            session_.open(engine_.backend(), where_.connection);
            opened_ = true;
            for (const std::string& setting : where_.settings) {
                session_ << setting;
            }
            if (engine_.set_up != nullptr) {
                engine_.set_up(session_);
            }
        }
        script_ = engine_.script == nullptr ? nullptr : engine_.script(session_);
        lost_ = false;
        committing_ = false;
    }

    [[nodiscard]] bool certain() { return engine_.certain == nullptr || engine_.certain(session_); }

    void begin(std::string_view how) {
        if (!in_transaction_) {
            prepared(std::string(how)).run();
            in_transaction_ = true;
        } else if (!engine_.may_commit(session_)) {
            throw_if_failed(fail(errc::conflict, "the server rolled the transaction back"));
        }
    }

    const dialect& engine_;
    const location& where_;
    soci::session& session_;
    std::unordered_map<std::string, statement> statements_;
    std::atomic<std::uint64_t> replaced_ = 0;
    const script_form* script_ = nullptr;
    bool opened_ = false;
    bool lost_ = false;
    bool in_transaction_ = false;
    bool committing_ = false;  // COMMIT was sent, and its answer did not come
    bool in_doubt_ = false;
};

}}}  // namespace jackpot::v1::sql

#endif
