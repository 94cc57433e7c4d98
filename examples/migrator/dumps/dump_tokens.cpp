// SPDX-License-Identifier: BSL-1.0
#include "dump_tokens.hpp"

#include <algorithm>
#include <charconv>

namespace migrator {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool begins_word(char c) {
    return (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_word(char c) {
    return begins_word(c) || is_digit(c) || c == '$';
}

/// Takes up to `most` digits of that base.
std::optional<unsigned> take_digits(std::string_view text, std::size_t& at, std::size_t most, int base) {
    unsigned value = 0;
    const char* first = text.data() + at;
    const char* last = first + (std::min)(most, text.size() - at);
    const auto [stop, failed] = std::from_chars(first, last, value, base);
    if (failed != std::errc()) {
        return std::nullopt;
    }
    at += static_cast<std::size_t>(stop - first);
    return value;
}

/// The bytes that X'...' and 0x... stand for, or the text itself where it is none.
std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 2 <= hex.size();) {
        const std::size_t before = at;
        const auto byte = take_digits(hex, at, 2, 16);
        if (!byte || at != before + 2) {
            return std::string(hex);
        }
        bytes.push_back(static_cast<char>(*byte));
    }
    return bytes;
}

}  // namespace

bool token::is(std::string_view keyword) const {
    return kind == token_kind::word && std::equal(value.begin(), value.end(), keyword.begin(), keyword.end(),
                                                  [](char a, char b) { return upper(a) == b; });
}

std::size_t token_reader::line_of(std::size_t at) const {
    const auto before = text_.substr(0, at);
    return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::string_view token_reader::take_line() {
    const std::size_t end = (std::min)(text_.find('\n', at_), text_.size());
    auto line = text_.substr(at_, end - at_);
    at_ = (std::min)(end + 1, text_.size());
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

void token_reader::hear(std::string_view comment, std::size_t at) {
    while (!comment.empty() && is_blank(comment.front())) {
        comment.remove_prefix(1);
    }
    while (!comment.empty() && is_blank(comment.back())) {
        comment.remove_suffix(1);
    }
    const bool mysql = comment.starts_with("MySQL dump ") || comment.starts_with("MariaDB dump ");
    if (mysql) {
        dialect_ = dump_dialect::mysql;
    }
    if (mysql || comment == "PostgreSQL database dump") {
        begun_ = at;
    } else if (comment == "PostgreSQL database dump complete" || comment.starts_with("Dump completed")) {
        begun_.reset();
    }
}

std::optional<token> token_reader::skip_comment() {
    const std::size_t began = at_;
    at_ += 2;
    if (dialect_ == dump_dialect::standard && (look() == '!' || (look() == 'M' && look(1) == '!'))) {
        dialect_ = dump_dialect::mysql;
    }
    // PostgreSQL's nest; the others end at the first end.
    for (std::size_t depth = 1; depth > 0; ++at_) {
        at_ = text_.find_first_of("*/", at_);
        if (at_ == std::string_view::npos) {
            at_ = text_.size();
            return token{token_kind::broken, "a comment that never ends", began};
        }
        if (look() == '*' && look(1) == '/') {
            --depth;
            ++at_;
        } else if (look() == '/' && look(1) == '*' && dialect_ == dump_dialect::standard) {
            ++depth;
            ++at_;
        }
    }
    return std::nullopt;
}

std::optional<token> token_reader::skip_blanks() {
    for (;;) {
        const char c = look();
        if (at_end()) {
            return std::nullopt;
        }
        if (is_blank(c)) {
            ++at_;
        } else if (c == '-' && look(1) == '-') {
            const std::size_t began = at_;
            hear(take_line().substr(2), began);
        } else if (c == '#' && dialect_ == dump_dialect::mysql) {
            static_cast<void>(take_line());
        } else if (c == '/' && look(1) == '*') {
            if (auto broken = skip_comment()) {
                return broken;
            }
        } else {
            return std::nullopt;
        }
    }
}

/// What stands behind a backslash, which is passed already.
void token_reader::append_escape(std::string& out) {
    const char c = look();
    if (dialect_ == dump_dialect::mysql) {
        if (c == '%' || c == '_') {
            out.push_back('\\');  // stays, for LIKE
        }
    } else if (c >= '0' && c <= '7') {
        out.push_back(static_cast<char>(*take_digits(text_, at_, 3, 8)));
        return;
    } else if (c == 'x') {
        std::size_t behind = at_ + 1;
        if (const auto byte = take_digits(text_, behind, 2, 16)) {
            at_ = behind;
            out.push_back(static_cast<char>(*byte));
            return;
        }
    }
    constexpr std::string_view letters = "bfnrtvZ0";
    constexpr std::string_view meant("\b\f\n\r\t\v\x1a\0", 8);
    // MySQL knows no \f and no \v, the others no \Z; they read such a letter as itself.
    const auto known = letters.find(c);
    const bool own = dialect_ == dump_dialect::mysql ? c != 'f' && c != 'v' : c != 'Z';
    out.push_back(known != std::string_view::npos && own ? meant[known] : c);
    ++at_;
}

token token_reader::quoted(char quote, bool escapes, token_kind kind) {
    token t{kind, {}, at_};
    for (++at_; !at_end();) {
        const char c = text_[at_++];
        if (c == '\\' && escapes && !at_end()) {
            append_escape(t.value);
        } else if (c != quote) {
            t.value.push_back(c);
        } else if (look() == quote && quote != ']') {
            t.value.push_back(quote);
            ++at_;
        } else {
            return t;
        }
    }
    return {token_kind::broken, "a quote that never ends", t.at};
}

/// $$...$$ or $tag$...$tag$, which hold the bodies of functions; none where the dollar is something else.
std::optional<token> token_reader::dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && goes_on_word(text_[end]) && text_[end] != '$') {
        ++end;
    }
    if (end >= text_.size() || text_[end] != '$' || is_digit(look(1))) {
        return std::nullopt;
    }
    const std::size_t began = at_;
    const auto tag = text_.substr(began, end + 1 - began);
    const auto close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) {
        at_ = text_.size();
        return token{token_kind::broken, "a " + std::string(tag.substr(0, 40)) + " that never ends", began};
    }
    at_ = close + tag.size();
    return token{token_kind::text, std::string(text_.substr(end + 1, close - end - 1)), began};
}

token token_reader::word() {
    const std::size_t began = at_;
    while (!at_end() && goes_on_word(text_[at_])) {
        ++at_;
    }
    token t{token_kind::word, std::string(text_.substr(began, at_ - began)), began};
    if (look() == '\'' && t.value.size() == 1) {
        const char prefix = upper(t.value[0]);
        if (prefix == 'E' || prefix == 'N' || prefix == 'X' || prefix == 'B') {
            t = quoted('\'', prefix == 'E' || dialect_ == dump_dialect::mysql, token_kind::text);
            t.value = prefix == 'X' ? bytes_of(t.value) : std::move(t.value);
        }
    }
    return t;
}

token token_reader::number() {
    const std::size_t began = at_;
    if (look() == '0' && upper(look(1)) == 'X') {
        at_ += 2;
        while (is_digit(look()) || (upper(look()) >= 'A' && upper(look()) <= 'F')) {
            ++at_;
        }
        return {token_kind::text, bytes_of(text_.substr(began + 2, at_ - began - 2)), began};
    }
    while (is_digit(look()) || look() == '.') {
        ++at_;
    }
    if (upper(look()) == 'E') {
        const std::size_t sign = look(1) == '+' || look(1) == '-' ? 1 : 0;
        at_ += is_digit(look(1 + sign)) ? 1 + sign : 0;
        while (is_digit(look())) {
            ++at_;
        }
    }
    return {token_kind::number, std::string(text_.substr(began, at_ - began)), began};
}

token token_reader::next() {
    if (auto broken = skip_blanks()) {
        return *std::move(broken);
    }
    if (at_end()) {
        return {token_kind::end, {}, at_};
    }
    const char c = look();
    if (c == '\'') {
        return quoted(c, dialect_ == dump_dialect::mysql, token_kind::text);
    }
    if (c == '"' || c == '`') {
        // PostgreSQL has no such quote; what it means in a file of SQLite's is told by the PRAGMA before.
        if (c == '`' && dialect_ == dump_dialect::standard) {
            dialect_ = dump_dialect::mysql;
        }
        return quoted(c, false, token_kind::name);
    }
    if (c == '[' && dialect_ == dump_dialect::sqlite) {
        return quoted(']', false, token_kind::name);
    }
    if (c == '$' && dialect_ == dump_dialect::standard) {
        if (auto body = dollar_quoted()) {
            return *std::move(body);
        }
    }
    if (begins_word(c)) {
        return word();
    }
    if (is_digit(c) || (c == '.' && is_digit(look(1)))) {
        return number();
    }
    return {token_kind::symbol, std::string(1, text_[at_++]), at_ - 1};
}

bool token_reader::take_end_of_copy() {
    const char behind = look(2);
    if (look() != '\\' || look(1) != '.' || (behind != '\n' && behind != '\r' && at_ + 2 < text_.size())) {
        return false;
    }
    static_cast<void>(take_line());
    return true;
}

std::optional<std::string> token_reader::take_field(bool& last) {
    std::string value;
    const bool null = look() == '\\' && look(1) == 'N';
    for (;;) {
        if (at_end()) {
            last = true;
            break;
        }
        const char c = text_[at_++];
        if (c == '\t' || c == '\n') {
            last = c == '\n';
            break;
        }
        if (c == '\\' && !at_end()) {
            append_escape(value);
        } else if (c != '\r' || look() != '\n') {
            value.push_back(c);
        }
    }
    return null && value == "N" ? std::nullopt : std::optional(std::move(value));
}

}  // namespace migrator
