// SPDX-License-Identifier: BSL-1.0
#include "json_reader.hpp"

#include <algorithm>
#include <limits>

namespace service {

namespace {

using nlohmann::json;

constexpr std::size_t depth_max = 8;

/// Builds the value, and stops where a level is too deep or a name stands twice, which the library's own
/// parser lets pass.
class strict_builder {
public:
    using number_integer_t = json::number_integer_t;
    using number_unsigned_t = json::number_unsigned_t;
    using number_float_t = json::number_float_t;
    using string_t = json::string_t;
    using binary_t = json::binary_t;

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(number_integer_t value) { return put(value); }
    bool number_unsigned(number_unsigned_t value) { return put(value); }
    bool number_float(number_float_t value, const string_t&) { return put(value); }
    bool string(string_t& value) { return put(std::move(value)); }
    bool binary(binary_t&) { return false; }
    bool start_object(std::size_t) { return open(json::object()); }
    bool start_array(std::size_t) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(string_t& name) {
        if (open_.back()->contains(name)) {
            duplicate = name;
            return false;
        }
        key_ = std::move(name);
        return true;
    }
    bool parse_error(std::size_t at, const std::string&, const json::exception&) {
        where = at;
        return false;
    }

    json root;
    std::size_t where = 0;
    std::optional<std::string> duplicate;

private:
    bool put(json&& item) { return place(std::move(item)) != nullptr; }
    json* place(json&& item) {
        if (open_.empty()) {
            root = std::move(item);
            return &root;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(item));
            return &parent.back();
        }
        return &(parent[key_] = std::move(item));
    }
    // What lies open is the newest item of its parent, which grows no more until it is closed.
    bool open(json&& item) {
        if (open_.size() == depth_max) {
            return false;
        }
        open_.push_back(place(std::move(item)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<json*> open_;
    std::string key_;
};

}  // namespace

read<json> parse_json(std::string_view text) {
    strict_builder builder;
    if (text.starts_with("\xEF\xBB\xBF")) {
        return tl::unexpected(problem_of("malformed_json", "a byte order mark"));
    }
    if (!json::sax_parse(text, &builder)) {
        return tl::unexpected(builder.duplicate
                                  ? problem_of("duplicate_field", *builder.duplicate)
                                  : problem_of("malformed_json", "at byte " + std::to_string(builder.where)));
    }
    return std::move(builder.root);
}

object_reader::object_reader(const json& value) : object_(&value) {
    if (!value.is_object()) {
        fail("invalid_type", "an object is wanted here");
        static const json nothing = json::object();
        object_ = &nothing;
    }
}

void object_reader::fail(std::string_view code, std::string detail) {
    if (!problem_) {
        problem_ = problem_of(code, std::move(detail));
    }
}

const json* object_reader::take(const char* field) {
    taken_.emplace_back(field);
    const auto found = object_->find(field);
    return found == object_->end() ? nullptr : &*found;
}

const json* object_reader::need(const char* field) {
    const json* value = take(field);
    if (value == nullptr) {
        fail("missing_field", field);
    }
    return value;
}

std::string object_reader::text_of(const json& value, const char* field) {
    if (!value.is_string()) {
        fail("invalid_type", std::string(field) + " is to be a string");
        return {};
    }
    return value.get<std::string>();
}

std::int64_t object_reader::integer_of(const json& value, const char* field) {
    // 1.0 and 1e3 are no integers here: money that went through a double is refused, not rounded.
    const bool whole = value.is_number_integer() &&
                       (!value.is_number_unsigned() ||
                        value.get<std::uint64_t>() <=
                            static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)()));
    if (!whole) {
        fail("invalid_type", std::string(field) + " is to be an integer of 64 bits");
        return 0;
    }
    return value.get<std::int64_t>();
}

std::string object_reader::text(const char* field) {
    const json* value = need(field);
    return value == nullptr ? std::string() : text_of(*value, field);
}

std::int64_t object_reader::integer(const char* field) {
    const json* value = need(field);
    return value == nullptr ? 0 : integer_of(*value, field);
}

std::optional<std::string> object_reader::text_if(const char* field) {
    const json* value = take(field);
    return value == nullptr ? std::nullopt : std::optional(text_of(*value, field));
}

std::optional<std::int64_t> object_reader::integer_if(const char* field) {
    const json* value = take(field);
    return value == nullptr ? std::nullopt : std::optional(integer_of(*value, field));
}

std::optional<std::optional<std::int64_t>> object_reader::integer_or_null(const char* field) {
    const json* value = take(field);
    if (value == nullptr) {
        return std::nullopt;
    }
    // In place: an empty optional would make the outer one empty, too.
    return std::optional<std::optional<std::int64_t>>(
        std::in_place, value->is_null() ? std::nullopt : std::optional(integer_of(*value, field)));
}

std::optional<std::vector<std::string>> object_reader::texts_if(const char* field) {
    const json* value = take(field);
    if (value == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    if (!value->is_array()) {
        fail("invalid_type", std::string(field) + " is to be an array of strings");
        return texts;
    }
    for (const auto& item : *value) {
        texts.push_back(text_of(item, field));
    }
    return texts;
}

std::optional<problem> object_reader::problem_found() {
    for (const auto& item : object_->items()) {
        if (std::find(taken_.begin(), taken_.end(), item.key()) == taken_.end()) {
            fail("unknown_field", item.key());
        }
    }
    return problem_;
}

}  // namespace service
