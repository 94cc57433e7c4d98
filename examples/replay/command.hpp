// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_REPLAY_COMMAND_HPP
#define JACKPOT_EXAMPLES_REPLAY_COMMAND_HPP

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace replay {

/// A member of a command. Numbers stay text: what a double cannot hold can be an amount.
struct member {
    enum class kind { text, number, null, list, other };

    kind is = kind::other;
    std::string value;               ///< of a text or a number
    std::vector<std::string> items;  ///< of a list; "", which is no name, for an item that is no text
    std::string written;             ///< what a person is shown
};

using command = std::map<std::string, member, std::less<>>;

/// Collects the members of one object. What is nested deeper is checked and passed over.
class command_handler : public nlohmann::json_sax<nlohmann::json> {
public:
    /// Stands for a number that is out of a double's range: valid JSON, which the parser refuses.
    static constexpr std::string_view stand_in = "0.0e-0";

    explicit command_handler(const std::vector<std::string>& oversized) : oversized_(oversized) {}

    bool null() override { return scalar(member::kind::null, {}, "null"); }
    bool boolean(bool value) override { return scalar(member::kind::other, {}, value ? "true" : "false"); }
    bool number_integer(std::int64_t value) override { return number(std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) override { return number(std::to_string(value)); }
    bool number_float(double, const std::string& digits) override {
        return number(digits == stand_in && seen_ < oversized_.size() ? oversized_[seen_++] : digits);
    }
    bool string(std::string& value) override {
        return scalar(member::kind::text, value, nlohmann::json(value).dump());
    }
    bool binary(nlohmann::json::binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        return ++depth_ == 1 || nested({member::kind::other, {}, {}, "{...}"}, "{...}");
    }
    bool start_array(std::size_t) override {
        return ++depth_ > 1 && nested({member::kind::list, {}, {}, "["}, "[...]");
    }
    bool end_object() override {
        --depth_;
        return true;
    }
    bool end_array() override {
        if (--depth_ == 1) {
            current_->written.append("]");
        }
        return true;
    }
    bool key(std::string& name) override {
        if (depth_ == 1) {
            current_ = &(members_[name] = {});
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string& text,
                     const nlohmann::detail::exception& reason) override {
        constexpr int number_overflow = 406;
        if (reason.id == number_overflow) {
            overflow_ = {position - text.size(), text};
        }
        return false;
    }

    struct token {
        std::size_t position = 0;
        std::string text;
    };
    [[nodiscard]] const token& overflow() const noexcept { return overflow_; }
    [[nodiscard]] command& members() noexcept { return members_; }

private:
    bool number(const std::string& digits) { return scalar(member::kind::number, digits, digits); }

    bool scalar(member::kind is, std::string value, std::string_view written) {
        if (depth_ == 1) {
            *current_ = {is, std::move(value), {}, std::string(written)};
        } else if (depth_ == 2) {
            item(is == member::kind::text ? std::move(value) : std::string(), written);
        }
        return depth_ > 0;
    }

    bool nested(member begun, std::string_view written) {
        if (depth_ == 2) {
            *current_ = std::move(begun);
        } else if (depth_ == 3) {
            item({}, written);
        }
        return true;
    }

    void item(std::string value, std::string_view written) {
        if (current_->is == member::kind::list) {
            current_->written.append(current_->items.empty() ? "" : ",").append(written);
            current_->items.push_back(std::move(value));
        }
    }

    const std::vector<std::string>& oversized_;  // the numbers that the parsed text has marks for, in order
    std::size_t seen_ = 0;
    int depth_ = 0;
    command members_;
    member* current_ = nullptr;
    token overflow_;
};

/// The members of the object on one line; none where the line is anything else.
inline std::optional<command> parse_command(std::string line) {
    // The parser takes a NUL for the end of the text, and passes over a byte order mark.
    if (line.find('\0') != std::string::npos || line.starts_with("\xEF\xBB\xBF")) {
        return std::nullopt;
    }
    std::vector<std::string> oversized;
    while (true) {
        command_handler handler(oversized);
        if (nlohmann::json::sax_parse(line, &handler)) {
            return std::move(handler.members());
        }
        const auto& [position, text] = handler.overflow();
        if (text.empty()) {
            return std::nullopt;
        }
        line.replace(position, text.size(), command_handler::stand_in);
        oversized.push_back(text);
    }
}

}  // namespace replay

#endif
