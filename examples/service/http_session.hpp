// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_SESSION_HPP
#define SERVICE_HTTP_SESSION_HPP

// One connection of http.cpp, which alone includes this: Beast is slow to compile.
#include "http_beast.hpp"
#include "http_connection.hpp"
#include "http_head.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>

#include <limits>

namespace service {

template <class Stream>
class session final : public connection, public std::enable_shared_from_this<session<Stream>> {
    static constexpr bool has_tls = !std::is_same_v<Stream, socket_type>;
    // A request's body comes by pieces of Beast's own size; a line of it that is longer than this is no line.
    static constexpr std::size_t buffer_max = 128 * 1024;
    static constexpr std::chrono::seconds linger_time{2};

public:
    template <class... Arguments>
    explicit session(const session_owner& owner, Arguments&&... arguments)
        : owner_(owner), stream_(std::forward<Arguments>(arguments)...), buffer_(buffer_max) {}
    ~session() override { owner_.gone(*this); }

    void start() {
        if constexpr (has_tls) {
            state_ = state::ending;  // a handshake is nobody's request
            allow(owner_.options.request_timeout);
            stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](const auto& failed) {
                failed ? self->close() : self->next();
            });
        } else {
            next();
        }
    }

    void expire() override {
        if (state_ != state::reading) {
            close();
            return;
        }
        timed_out_ = true;
        deadline = clock::time_point::max();
        boost::system::error_code ignored;
        socket().cancel(ignored);
    }
    void close_if_idle() override {
        boost::system::error_code ignored;
        // A request may be there already, unread.
        if (state_ == state::idle && socket().available(ignored) == 0) {
            linger();
        }
    }

    bool send(frame f) override {
        const bool none_waited = waiting_ == nullptr;
        waiting_ = std::move(f);
        if (sending_ == nullptr) {
            send_waiting();
        }
        return none_waited;
    }
    void end(frame f) override {
        last_ = true;
        send(std::move(f));
    }
    [[nodiscard]] bool gone() const override { return state_ != state::streaming; }

private:
    auto self() { return this->shared_from_this(); }
    socket_type& socket() {
        if constexpr (has_tls) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }
    void allow(std::chrono::milliseconds time) { deadline = clock::now() + time; }

    void close() {
        state_ = state::ending;
        deadline = clock::time_point::max();
        boost::system::error_code ignored;
        socket().close(ignored);
    }

    /// Waits for the next request, of which a part may be here already.
    void next() {
        request_ = {};
        state_ = state::idle;
        allow(owner_.options.idle_timeout);
        look();
    }

    void receive() {
        stream_.async_read_some(buffer_.prepare(1024),
                                [self = self()](const auto& failed, std::size_t count) {
                                    self->buffer_.commit(count);
                                    if (!failed) {
                                        self->state_ == state::ending ? self->drop() : self->look();
                                    } else if (self->state_ == state::reading) {
                                        self->refuse(self->timed_out_ ? "request_timeout" : "bad_request");
                                    } else {
                                        self->close();
                                    }
                                });
    }

    [[nodiscard]] std::string_view bytes() const {
        return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
    }

    void look() {
        while (bytes().starts_with("\r\n")) {
            buffer_.consume(2);  // some clients send a line end too many behind a body
        }
        if (buffer_.size() > 0 && state_ == state::idle) {
            state_ = state::reading;
            request_.begun = clock::now();
            allow(owner_.options.request_timeout);
        }
        const auto progress = bytes() == "\r" ? head_progress() : look_at_head(bytes(), owner_.options);
        if (!progress.wrong.empty()) {
            refuse(progress.wrong);
        } else if (progress.size == 0) {
            receive();
        } else {
            read_head(progress.size);
        }
    }

    void read_head(std::size_t size) {
        boost::system::error_code failed;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(size));
        parser_->body_limit((std::numeric_limits<std::uint64_t>::max)());  // until the target is known
        buffer_.consume(parser_->put(asio::buffer(buffer_.data(), size), failed));
        if (failed || !parser_->is_header_done()) {
            return refuse("bad_request");
        }
        const auto& head = parser_->get();
        // Now: fields behind the body would be put among these.
        copy_head(head, request_);
        keep_alive_ = head.keep_alive() && ++requests_ < owner_.options.requests_max;
        if (const auto wrong = check_fields(request_, head.version() == 11 ? 1 : 0); !wrong.empty()) {
            return refuse(wrong);
        }
        const auto room = owner_.hooks.body_max(request_.target);
        if (parser_->content_length().value_or(0) > room) {
            return refuse("payload_too_large");
        }
        parser_->body_limit(room);
        if (parser_->is_done()) {
            return handle();
        }
        request_.get("expect").empty() ? read_body() : invite_body();
    }

    /// Answers `Expect: 100-continue`.
    void invite_body() {
        static constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(
            stream_, asio::buffer(invitation),
            [self = self()](const auto& failed, std::size_t) { failed ? self->close() : self->read_body(); });
    }

    void read_body() {
        beast::http::async_read(stream_, buffer_, *parser_, [self = self()](const auto& failed, std::size_t) {
            if (!failed) {
                self->handle();
            } else {
                self->refuse(self->timed_out_                           ? "request_timeout"
                             : failed == beast::http::error::body_limit ? "payload_too_large"
                                                                        : "bad_request");
            }
        });
    }

    void handle() {
        state_ = state::answering;
        deadline = clock::time_point::max();
        head_only_ = request_.method == "HEAD";
        request_.body = std::move(parser_->get().body());
        parser_.reset();
        try {
            owner_.hooks.handle(std::move(request_),
                                [self = self()](response r) { self->answer(std::move(r)); });
        } catch (const std::exception&) {
            refuse("internal");
        }
    }

    /// Answers what cannot be read, or not at all any more: where the next request begins is not known.
    void refuse(std::string_view code) {
        if (socket().is_open()) {
            state_ = state::answering;
            keep_alive_ = false;
            head_only_ = false;
            parser_.reset();
            answer(owner_.hooks.refuse(code));
        }
    }

    void answer(response r) {
        if (state_ != state::answering) {
            return;
        }
        state_ = state::writing;
        const bool closes = r.close || !keep_alive_ || owner_.closing || r.stream;
        out_ = head_of(r, reason_of(r.status), owner_.date, closes);
        if (!head_only_) {
            out_ += r.body;
        }
        allow(owner_.options.write_timeout);
        asio::async_write(
            stream_, asio::buffer(out_),
            [self = self(), closes, stream = std::move(r.stream)](const auto& failed, std::size_t) {
                if (failed) {
                    self->close();
                } else if (stream) {
                    self->begin_stream(stream);
                } else {
                    closes ? self->linger() : self->next();
                }
            });
    }

    void begin_stream(const std::function<void(std::shared_ptr<listener>)>& stream) {
        state_ = state::streaming;
        deadline = clock::time_point::max();
        watch();
        stream(self());
    }
    /// Notices that a listener went: it has nothing to say.
    void watch() {
        stream_.async_read_some(buffer_.prepare(512), [self = self()](const auto& failed, std::size_t) {
            failed ? self->close() : self->watch();
        });
    }
    void send_waiting() {
        sending_ = std::exchange(waiting_, nullptr);
        if (sending_ == nullptr || state_ != state::streaming) {
            return;
        }
        allow(owner_.options.write_timeout);
        asio::async_write(stream_, asio::buffer(*sending_), [self = self()](const auto& failed, std::size_t) {
            self->sending_ = nullptr;
            if (failed || self->state_ != state::streaming) {
                self->close();
            } else if (self->last_ && self->waiting_ == nullptr) {
                self->linger();
            } else {
                self->deadline = clock::time_point::max();
                self->send_waiting();
            }
        });
    }

    /// Lets the client read the answer to the end: a close with bytes unread would take it away.
    void linger() {
        const bool reads = state_ == state::idle || state_ == state::streaming;
        state_ = state::ending;
        allow(linger_time);
        boost::system::error_code ignored;
        if constexpr (has_tls) {
            stream_.async_shutdown([self = self()](const auto&) { self->close(); });
        } else {
            socket().shutdown(socket_type::shutdown_send, ignored);
            if (!reads) {
                drop();
            }
        }
    }
    void drop() {
        buffer_.consume(buffer_.size());
        stream_.async_read_some(buffer_.prepare(4096), [self = self()](const auto& failed, std::size_t) {
            failed ? self->close() : self->drop();
        });
    }

    const session_owner& owner_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<parser_type> parser_;
    request request_;
    std::string out_;
    frame sending_;
    frame waiting_;
    std::uint64_t requests_ = 0;
    bool keep_alive_ = true;
    bool head_only_ = false;
    bool timed_out_ = false;
    bool last_ = false;
};

}  // namespace service

#endif
