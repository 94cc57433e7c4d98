// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_JSON_READER_HPP
#define SERVICE_JSON_READER_HPP

#include "problem.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace service {

template <class T>
using read = tl::expected<T, problem>;

/// Reads one JSON text, strictly: UTF-8 without a byte order mark, at most 8 levels, no comment, no name
/// twice in an object. Errors: malformed_json, duplicate_field.
[[nodiscard]] read<nlohmann::json> parse_json(std::string_view text);

/// Takes the fields out of an object, each once, and remembers the first thing that was wrong. At the end
/// `problem_found` says that, or which field nobody has asked for.
class object_reader {
public:
    /// Error: invalid_type, where the value is no object.
    explicit object_reader(const nlohmann::json& value);

    [[nodiscard]] std::string text(const char* field);
    [[nodiscard]] std::int64_t integer(const char* field);
    [[nodiscard]] std::optional<std::string> text_if(const char* field);
    [[nodiscard]] std::optional<std::int64_t> integer_if(const char* field);
    [[nodiscard]] std::optional<std::vector<std::string>> texts_if(const char* field);
    /// Any value; null where the field is absent.
    [[nodiscard]] const nlohmann::json* take(const char* field);
    /// An integer, or null for none. Outside: the field is absent.
    [[nodiscard]] std::optional<std::optional<std::int64_t>> integer_or_null(const char* field);

    void fail(std::string_view code, std::string detail);
    [[nodiscard]] std::optional<problem> problem_found();

private:
    [[nodiscard]] const nlohmann::json* need(const char* field);
    [[nodiscard]] std::string text_of(const nlohmann::json& value, const char* field);
    [[nodiscard]] std::int64_t integer_of(const nlohmann::json& value, const char* field);

    const nlohmann::json* object_;
    std::vector<std::string_view> taken_;
    std::optional<problem> problem_;
};

}  // namespace service

#endif
