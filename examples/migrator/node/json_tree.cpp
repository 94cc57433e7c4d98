// SPDX-License-Identifier: BSL-1.0
#include "json_tree.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

namespace migrator {

namespace {

/// The events of nlohmann's parser, which asks for them by these names; each returns whether to go on.
class tree_builder {
public:
    using number_integer_t = std::int64_t;
    using number_unsigned_t = std::uint64_t;
    using number_float_t = double;
    using string_t = std::string;
    using binary_t = nlohmann::json::binary_t;

    tree_builder(std::string_view text, json_value& root) : text_(text), root_(&root) {}

    [[nodiscard]] const std::string& failure() const { return failure_; }

    bool null() { return add({}) != nullptr; }
    bool boolean(bool value) { return add({json_kind::boolean, value ? "true" : "false", {}}) != nullptr; }
    bool number_integer(std::int64_t value) { return add_number(std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) { return add_number(std::to_string(value)); }
    bool number_float(double, const std::string& as_written) { return add_number(as_written); }
    bool string(std::string& value) { return add({json_kind::text, std::move(value), {}}) != nullptr; }
    bool binary(binary_t&) { return false; }
    bool start_object(std::size_t) { return open(json_kind::object); }
    bool start_array(std::size_t) { return open(json_kind::array); }
    bool key(std::string& name) {
        open_.back()->members.push_back({std::move(name), {}});
        return true;
    }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    template <class Exception>
    bool parse_error(std::size_t position, const std::string& last, const Exception&) {
        const auto before = text_.substr(0, position);
        std::string shown = last.substr(0, 40);
        std::replace_if(
            shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
        failure_ = fmt::format("line {}: no JSON at '{}'", std::count(before.begin(), before.end(), '\n') + 1,
                               shown);
        return false;
    }

private:
    /// Values are destroyed one inside the other: their depth is the stack's.
    static constexpr std::size_t depth_max = 64;

    json_value* add(json_value value) {
        if (open_.empty()) {
            *root_ = std::move(value);
            return root_;
        }
        auto& in = *open_.back();
        if (in.kind == json_kind::array) {
            in.members.push_back({});
        }
        in.members.back().value = std::move(value);
        return &in.members.back().value;
    }
    bool add_number(std::string text) { return add({json_kind::number, std::move(text), {}}) != nullptr; }
    bool open(json_kind kind) {
        if (open_.size() == depth_max) {
            failure_ = fmt::format("it nests deeper than {}", depth_max);
            return false;
        }
        open_.push_back(add({kind, {}, {}}));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    json_value* root_;
    std::vector<json_value*> open_;  // nothing is added beside one that is open, so that none moves
    std::string failure_;
};

}  // namespace

tl::expected<json_value, std::string> read_json(std::string_view text) {
    json_value root;
    tree_builder builder(text, root);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return tl::unexpected(builder.failure());
    }
    return root;
}

}  // namespace migrator
