// SPDX-License-Identifier: BSL-1.0
#include "dump_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace migrator {

bool value_reader::fail(std::string why, std::size_t at) {
    failure_ = std::move(why);
    failed_at_ = at;
    return false;
}
bool value_reader::fail(std::string_view wanted) {
    if (now_.kind == token_kind::broken) {
        return fail(now_.value, now_.at);
    }
    if (now_.kind == token_kind::end) {
        return fail(fmt::format("the dump was cut off: {} should follow", wanted), now_.at);
    }
    std::string found = now_.value.substr(0, 40);
    std::replace_if(
        found.begin(), found.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return fail(fmt::format("{} should stand here, not {}", wanted, found), now_.at);
}

bool value_reader::read_value(dumped_value& value) {
    if (now_.is('-') || now_.is('+')) {
        const std::string sign = now_.is('-') ? "-" : "";
        if (advance().kind != token_kind::number) {
            return fail("a number");
        }
        value = sign + now_.value;
    } else if (now_.kind == token_kind::number || now_.kind == token_kind::text) {
        value = std::move(now_.value);
    } else if (now_.is("TRUE") || now_.is("FALSE")) {
        value = now_.is("TRUE") ? "true" : "false";
    } else if (now_.is("REPLACE")) {
        return read_replaced(value);
    } else if (now_.is("UNISTR")) {
        return read_unistr(value);
    } else if (now_.kind == token_kind::word && now_.value[0] == '_') {  // _binary '...', by mysqldump
        if (advance().kind != token_kind::text) {
            return fail("a text");
        }
        value = std::move(now_.value);
    } else if (now_.is("NULL") || now_.is("DEFAULT")) {
        value.reset();
    } else {
        return fail("a value");
    }
    advance();
    return skip_cast();
}

/// ::text, ::character varying(10)[]
bool value_reader::skip_cast() {
    if (!now_.is(':')) {
        return true;
    }
    for (std::size_t depth = 0;; advance()) {
        if (now_.kind == token_kind::end || now_.kind == token_kind::broken || now_.is(';')) {
            return fail("the end of a cast");
        }
        if (depth == 0 && (now_.is(',') || now_.is(')'))) {
            return true;
        }
        depth += now_.is('(') ? 1 : 0;
        depth -= now_.is(')') ? 1 : 0;
    }
}

/// sqlite3 writes text with line breaks as replace(replace('a\nb\r','\n',char(10)),'\r',char(13)).
bool value_reader::read_replaced(dumped_value& value) {
    constexpr std::size_t depth_max = 4;
    constexpr std::size_t mark_max = 32;
    std::size_t depth = 0;
    for (; now_.is("REPLACE") && depth < depth_max; ++depth) {
        if (!advance().is('(')) {
            return fail("(");
        }
        advance();
    }
    if (now_.kind != token_kind::text) {
        return fail("a text");
    }
    std::string text = std::move(now_.value);
    advance();
    for (; depth > 0; --depth) {
        if (!now_.is(',') || advance().kind != token_kind::text || now_.value.empty() ||
            now_.value.size() > mark_max) {
            return fail("what is to be replaced");
        }
        const std::string mark = std::move(now_.value);
        if (!advance().is(',') || !advance().is("CHAR") || !advance().is('(')) {
            return fail(", char(10)");
        }
        const bool line_end = advance().kind == token_kind::number && now_.value == "10";
        if ((!line_end && now_.value != "13") || !advance().is(')') || !advance().is(')')) {
            return fail("char(10) or char(13)");
        }
        std::string replaced;
        std::size_t from = 0;
        for (std::size_t at = 0; (at = text.find(mark, from)) != std::string::npos; from = at + mark.size()) {
            replaced.append(text, from, at - from).push_back(line_end ? '\n' : '\r');
        }
        text = replaced.append(text, from);
        advance();
    }
    value = std::move(text);
    return skip_cast();
}

/// From 3.50 on sqlite3 writes it as unistr('a\u000ab').
bool value_reader::read_unistr(dumped_value& value) {
    if (!advance().is('(') || advance().kind != token_kind::text) {
        return fail("('a text')");
    }
    const std::string text = std::move(now_.value);
    value.emplace();
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 5 < text.size() && text[at + 1] == 'u') {
            unsigned point = 0;
            const char* digits = text.data() + at + 2;
            const auto [stop, failed] = std::from_chars(digits, digits + 4, point, 16);
            if (failed != std::errc() || stop != digits + 4 || point >= 0x80) {
                return fail("a text of which only control characters are escaped");
            }
            value->push_back(static_cast<char>(point));
            at += 5;
        } else {
            at += text[at] == '\\' && at + 1 < text.size() ? 1 : 0;
            value->push_back(text[at]);
        }
    }
    if (!advance().is(')')) {
        return fail(")");
    }
    advance();
    return skip_cast();
}

}  // namespace migrator
