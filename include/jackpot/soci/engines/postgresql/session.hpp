// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_POSTGRESQL_SESSION_HPP
#define JACKPOT_SOCI_ENGINES_POSTGRESQL_SESSION_HPP

#include <jackpot/soci/dialect.hpp>

#include <soci/postgresql/soci-postgresql.h>

#include <cerrno>
#include <libpq-events.h>
#include <libpq-fe.h>
#include <memory>
#include <poll.h>
#include <sys/socket.h>

// What is asked of a PostgreSQL server is sent and awaited here, for SOCI would wait without end: a commit
// waits for a synchronous standby that may be gone, where no timeout of the server counts, and a server can
// be stopped. A server that says nothing for `answer_timeout` is given up.

namespace jackpot { inline namespace v1 { namespace sql::postgresql {

/// The state of an error that no server said.
inline constexpr const char* unanswered = "08006";

using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// What is kept with a connection of libpq, which frees it.
struct session_state {
    int answer_timeout_ms = 60'000;
    unsigned statements = 0;  ///< prepared so far, by which they are named
    bool doubted = false;     ///< the server warned, and not by a trigger of the user's
};

inline int keep_state(PGEventId event, void* about, void*) {
    if (event == PGEVT_CONNDESTROY) {
        delete static_cast<session_state*>(
            PQinstanceData(static_cast<PGEventConnDestroy*>(about)->conn, keep_state));
    }
    return 1;
}

[[nodiscard]] inline session_state& state_of(const PGconn* handle) noexcept {
    return *static_cast<session_state*>(PQinstanceData(handle, keep_state));
}

/// Where a wait for a standby is cancelled, COMMIT succeeds with a warning alone, which has no state of its
/// own. Whatever is not said by a trigger (`RAISE WARNING`) counts.
inline void note(void* state, const PGresult* said) {
    const auto field = [&](int code) {
        const char* text = PQresultErrorField(said, code);
        return std::string_view(text == nullptr ? "" : text);
    };
    if (field(PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING" &&
        field(PG_DIAG_SOURCE_FUNCTION) != "exec_stmt_raise") {
        static_cast<session_state*>(state)->doubted = true;
    }
}

inline void attach(PGconn* handle, std::uint32_t answer_timeout_ms) {
    auto state = std::make_unique<session_state>();
    state->answer_timeout_ms = static_cast<int>(answer_timeout_ms & 0x7FFF'FFFFU);
    if (PQregisterEventProc(handle, keep_state, "jackpot", nullptr) == 0 ||
        PQsetnonblocking(handle, 1) != 0) {
        throw std::bad_alloc();
    }
    PQsetNoticeReceiver(handle, note, state.get());
    PQsetInstanceData(handle, keep_state, state.release());
}

[[nodiscard]] inline PGconn* handle_of(soci::session& session) noexcept {
    return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

/// Without a state of the server's: libpq lost it.
[[noreturn]] inline void fail_with(PGconn* handle) {
    throw soci::postgresql_soci_error(PQerrorMessage(handle), unanswered);
}

/// Waits for the socket, and shuts it where nothing comes: then nobody waits for that server again.
inline void wait_for(PGconn* handle, short events, int timeout_ms) {
    using clock = std::chrono::steady_clock;
    const auto give_up = clock::now() + std::chrono::milliseconds(timeout_ms);
    pollfd socket{PQsocket(handle), events, 0};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - clock::now()).count();
        const int ready = ::poll(&socket, 1, static_cast<int>((std::max)(left, decltype(left){0})));
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return;  // what is wrong with it, libpq says
        }
        if (ready == 0) {
            ::shutdown(socket.fd, SHUT_RDWR);
            throw soci::postgresql_soci_error(
                "the server has said nothing for " + std::to_string(timeout_ms) + " ms (answer_timeout)",
                unanswered);
        }
    }
}

/// Reads as well, for a server that nobody listens to stops listening.
inline void flush(PGconn* handle) {
    for (int unsent = PQflush(handle); unsent != 0; unsent = PQflush(handle)) {
        if (unsent < 0) {
            fail_with(handle);
        }
        wait_for(handle, POLLIN | POLLOUT, state_of(handle).answer_timeout_ms);
        PQconsumeInput(handle);
    }
}

/// The next part of the server's answer; null behind the last.
[[nodiscard]] inline result_pointer next_result(PGconn* handle) {
    flush(handle);
    while (PQisBusy(handle) != 0) {
        wait_for(handle, POLLIN, state_of(handle).answer_timeout_ms);
        if (PQconsumeInput(handle) == 0) {
            fail_with(handle);
        }
    }
    return {PQgetResult(handle), PQclear};
}

/// Throws what the server said against the command that it ended.
inline void check(PGconn* handle, const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) {
        return;
    }
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == nullptr) {
        fail_with(handle);
    }
    throw soci::postgresql_soci_error(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), state);
}

/// The whole answer to what was sent: of several statements the last one's, or the error that ended them.
inline result_pointer answer(PGconn* handle, int sent) {
    if (sent != 1) {
        fail_with(handle);
    }
    result_pointer last(nullptr, PQclear);
    while (result_pointer next = next_result(handle)) {
        if (PQresultStatus(last.get()) != PGRES_FATAL_ERROR || last == nullptr) {
            last = std::move(next);
        }
    }
    check(handle, last.get());
    return last;
}

inline result_pointer ask(PGconn* handle, const std::string& script) {
    return answer(handle, PQsendQuery(handle, script.c_str()));
}

inline void run_script(soci::session& session, std::string_view script) {
    ask(handle_of(session), std::string(script));
}

/// Drops every statement that was prepared.
inline void forget(soci::session& session) {
    ask(handle_of(session), "DEALLOCATE ALL");
}

/// The server said nothing since it was last asked for that puts a commit in doubt.
[[nodiscard]] inline bool certain(soci::session& session) {
    return !std::exchange(state_of(handle_of(session)).doubted, false);
}

/// A statement with $1, $2, … in place of its named parameters, whose names are appended in that order.
[[nodiscard]] inline std::string number_parameters(std::string_view sql, std::vector<std::string>& names) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    std::string text;
    char quote = '\0';
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] == quote) {
            quote = '\0';
        } else if (quote == '\0' && (sql[i] == '\'' || sql[i] == '"')) {
            quote = sql[i];
        }
        if (quote != '\0' || sql[i] != ':') {
            text.push_back(sql[i]);
            continue;
        }
        const std::size_t end = (std::min)(sql.find_first_not_of(letters, i + 1), sql.size());
        names.emplace_back(sql.substr(i + 1, end - i - 1));
        text.append("$").append(std::to_string(names.size()));
        i = end - 1;
    }
    return text;
}

class prepared_statement final : public native_statement {
public:
    prepared_statement(PGconn* handle, std::string_view sql)
        : handle_(handle), id_("jackpot_" + std::to_string(++state_of(handle).statements)) {
        const std::string text = number_parameters(sql, names_);
        answer(handle_, PQsendPrepare(handle_, id_.c_str(), text.c_str(), 0, nullptr));
    }

    bool execute(const std::deque<cell>& parameters, std::deque<cell>& results) override {
        std::vector<std::string> numbers(names_.size());
        std::vector<const char*> values;
        for (const std::string& name : names_) {
            const auto& bound = *std::find_if(parameters.begin(), parameters.end(),
                                              [&](const cell& c) { return c.name == name; });
            if (bound.state == soci::i_null) {
                values.push_back(nullptr);
            } else if (bound.number_bound) {
                values.push_back((numbers[values.size()] = std::to_string(bound.number)).c_str());
            } else {
                values.push_back(bound.text.c_str());
            }
        }
        result_ = answer(handle_, PQsendQueryPrepared(handle_, id_.c_str(), static_cast<int>(values.size()),
                                                      values.data(), nullptr, nullptr, 0));
        row_ = 0;
        return fetch(results);
    }

    bool fetch(std::deque<cell>& results) override {
        if (row_ >= PQntuples(result_.get())) {
            return false;
        }
        int column = 0;
        for (cell& c : results) {
            c.state = PQgetisnull(result_.get(), row_, column) != 0 ? soci::i_null : soci::i_ok;
            c.text.assign(PQgetvalue(result_.get(), row_, column),
                          static_cast<std::size_t>(PQgetlength(result_.get(), row_, column)));
            ++column;
        }
        ++row_;
        return true;
    }

    [[nodiscard]] long long affected() const override { return std::atoll(PQcmdTuples(result_.get())); }

private:
    PGconn* handle_;
    std::string id_;
    std::vector<std::string> names_;
    result_pointer result_{nullptr, PQclear};
    int row_ = 0;
};

[[nodiscard]] inline std::unique_ptr<native_statement> prepare(soci::session& session, std::string_view sql) {
    return std::make_unique<prepared_statement>(handle_of(session), sql);
}

/// https://www.postgresql.org/docs/current/libpq-copy.html
inline void copy(soci::session& session, const std::string& statement,
                 const std::function<void(const put_text& put)>& produce) {
    PGconn* handle = handle_of(session);
    if (PQsendQuery(handle, statement.c_str()) != 1) {
        fail_with(handle);
    }
    try {
        check(handle, next_result(handle).get());
        produce([&](std::string_view text) {
            if (PQputCopyData(handle, text.data(), static_cast<int>(text.size())) != 1) {
                fail_with(handle);
            }
            flush(handle);
        });
    } catch (...) {
        PQputCopyEnd(handle, "the rows ended too early");
        while (next_result(handle)) {
        }
        throw;
    }
    answer(handle, PQputCopyEnd(handle, nullptr));
}

}}}  // namespace jackpot::v1::sql::postgresql

#endif
