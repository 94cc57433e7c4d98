// SPDX-License-Identifier: BSL-1.0
#include "http_head.hpp"

#include "http_connection.hpp"

#include <algorithm>

namespace service {

namespace {

bool is_token(char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
}

/// METHOD SP TARGET SP HTTP/1.x, whose characters are all visible ASCII.
bool is_request_line(std::string_view line) {
    const auto method = line.substr(0, line.find(' '));
    const auto version = line.substr((std::min)(line.rfind(' ') + 1, line.size()));
    const bool visible = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return visible && !method.empty() && std::all_of(method.begin(), method.end(), is_token) &&
           std::count(line.begin(), line.end(), ' ') == 2 && (version == "HTTP/1.1" || version == "HTTP/1.0");
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view request::get(std::string_view name) const noexcept {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const field& f) { return f.name == name; });
    return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::size_t request::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(fields.begin(), fields.end(), [&](const field& f) { return f.name == name; }));
}

head_progress look_at_head(std::string_view bytes, const http_options& limits) {
    // What is no method's first letter is another protocol, as a TLS hello: there is nothing to wait for.
    if (!bytes.empty() && !is_token(bytes.front())) {
        return {.wrong = "bad_request"};
    }
    std::size_t lines = 0;
    for (std::size_t at = 0;;) {
        const auto end = bytes.find('\n', at);
        const auto line = bytes.substr(at, end == std::string_view::npos ? end : end - at);
        if (line.find('\0') != std::string_view::npos ||
            (end != std::string_view::npos && (line.empty() || line.back() != '\r')) ||
            std::count(line.begin(), line.end(), '\r') > 1) {
            return {.wrong = "bad_request"};
        }
        if (at + line.size() > limits.header_max) {
            return {.wrong = lines == 0 ? "uri_too_long" : "headers_too_large"};
        }
        if (end == std::string_view::npos) {
            return {};
        }
        const auto text = line.substr(0, line.size() - 1);
        if (lines == 0
                ? !is_request_line(text)
                : !text.empty() && (!is_token(text.front()) || text.find(':') == std::string_view::npos)) {
            return {.wrong = "bad_request"};
        }
        at = end + 1;
        if (text.empty()) {
            return {.size = at};
        }
        if (lines++ > limits.fields_max) {
            return {.wrong = "headers_too_large"};
        }
    }
}

std::string_view check_fields(const request& r, int minor) {
    const auto encoded = r.count("transfer-encoding");
    const auto lengths = r.count("content-length");
    if (r.count("host") > 1 || (minor == 1 && r.count("host") == 0) || encoded + lengths > 1) {
        return "bad_request";
    }
    if (lengths == 1 && !is_digits(r.get("content-length"))) {
        return "bad_request";
    }
    if (encoded == 1 && (minor == 0 || !equals_ignoring_case(r.get("transfer-encoding"), "chunked"))) {
        return "bad_request";
    }
    const auto expectation = r.get("expect");
    if (!expectation.empty() && !equals_ignoring_case(expectation, "100-continue")) {
        return "expectation_failed";
    }
    return {};
}

std::string head_of(const response& r, std::string_view reason, std::string_view date, bool closes) {
    std::string head = "HTTP/1.1 " + std::to_string(r.status) + " ";
    head.append(reason).append("\r\nDate: ").append(date);
    const bool has_body = r.status != 204 && r.status != 304 && !r.stream;
    if (has_body || r.stream) {
        head.append("\r\nContent-Type: ").append(r.type);
    }
    if (has_body) {
        head.append("\r\nContent-Length: ").append(std::to_string(r.body.size()));
    }
    for (const auto& f : r.fields) {
        head.append("\r\n").append(f.name).append(": ").append(f.value);
    }
    return head.append(closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
}

}  // namespace service
