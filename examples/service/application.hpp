// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_APPLICATION_HPP
#define SERVICE_APPLICATION_HPP

#include "commits.hpp"
#include "events.hpp"
#include "health.hpp"
#include "metrics.hpp"
#include "options.hpp"
#include "reads.hpp"
#include "router.hpp"

namespace service {

/// What the server is about: takes requests, and answers them from the store. Everything runs on the server's
/// thread but the two threads in `commits` and `reads`.
class application {
public:
    application(const options& o, ledger& store, http_server& server);

    void handle(request&& asked, reply send);
    [[nodiscard]] response refuse(std::string_view code);
    [[nodiscard]] std::size_t body_max(std::string_view target) const;

    /// Reads the file of tokens; the error is a sentence, and then the tokens stay as they were.
    [[nodiscard]] tl::expected<void, std::string> read_tokens();
    [[nodiscard]] bool has_tokens() const noexcept { return !tokens_.empty(); }

    /// Not ready any more, and the listeners are told.
    void begin_drain();
    void end_streams() { events_.end(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return commits_.waiting(); }

private:
    /// One request, until it is answered.
    struct exchange {
        request asked;
        reply send;
        match where;
        std::string id;
        std::string tenant{};  ///< the name of its token
        clock::time_point parsed = clock::now();
    };
    using exchange_ptr = std::shared_ptr<exchange>;
    using shape = std::function<json_text(const jackpot::receipt&)>;

    void start_timers(http_server& server);
    void read_migrations();

    void answer(exchange& x, response r);
    void answer(exchange& x, const problem& p);
    void answer(exchange& x, const json_text& body, int status = 200, std::vector<field> fields = {});

    [[nodiscard]] std::optional<problem> authorize(exchange& x) const;
    void dispatch(const exchange_ptr& x);
    void dispatch_write(const exchange_ptr& x);

    // endpoints_write.cpp
    void operate(const exchange_ptr& x, std::string_view operation, read<request_type> r, shape to_json);
    void commit(const exchange_ptr& x, std::string_view operation, request_type r, const shape& to_json);
    void batch(const exchange_ptr& x);
    void configure(const exchange_ptr& x);
    void revert(const exchange_ptr& x);
    void seal(const exchange_ptr& x, bool sealed);
    [[nodiscard]] read<std::optional<std::string>> key_of(const exchange& x) const;
    /// Counts what became of an operation, and tells the listeners.
    void note(std::string_view operation, const request_type& asked, const commit_answer& a, double seconds);

    // endpoints_read.cpp
    void pools(const exchange_ptr& x);
    void pool(const exchange_ptr& x);
    void holds(const exchange_ptr& x);
    void statistics(const exchange_ptr& x);
    void game(const exchange_ptr& x);
    void history(const exchange_ptr& x);
    void stream(const exchange_ptr& x);
    void tell_health(exchange& x);
    void tell_ready(exchange& x);
    void tell_metrics(exchange& x);
    void send_file(exchange& x);
    void with_states(const exchange_ptr& x, std::function<void(const jackpot::snapshot&)> then);
    void answer_unless_known(exchange& x, const std::string& tag, const std::function<json_text()>& body);

    const options& options_;
    ledger& store_;
    http_server& server_;
    metrics metrics_;
    kpis kpis_;
    events events_;
    tokens tokens_;
    commits commits_;
    reads reads_;
    health health_;
    bool draining_ = false;
    clock::time_point started_ = clock::now();
};

/// The texts of an `If-Match` or `If-None-Match`, without quotes; does one of them, or *, name the tag?
[[nodiscard]] bool names_tag(std::string_view field_value, std::string_view tag);

}  // namespace service

#endif
