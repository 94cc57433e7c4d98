// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_URL_HPP
#define JACKPOT_SOCI_ENGINES_URL_HPP

#include <jackpot/core/notation.hpp>

#include <string>
#include <vector>

// What every engine's URLs have in common. A part that may hold a password is never shown.

namespace jackpot { inline namespace v1 { namespace sql {

/// The options of a URL, `key=value&key=value`, as they are written.
struct url_option {
    std::string_view key;
    std::string_view value;
};

/// Removes the options, and the mark before them, from `url`. Error: unsupported, for one without a value.
[[nodiscard]] inline expected<std::vector<url_option>> take_options(std::string_view& url) {
    std::vector<url_option> options;
    const std::size_t mark = url.find('?');
    std::string_view rest = mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
    url = url.substr(0, mark);
    while (!rest.empty()) {
        const std::string_view option = rest.substr(0, rest.find('&'));
        const std::size_t end = option.find('=');
        if (end == std::string_view::npos) {
            return fail(errc::unsupported, "an option without a value");
        }
        options.push_back({option.substr(0, end), option.substr(end + 1)});
        rest.remove_prefix((std::min)(option.size() + 1, rest.size()));
    }
    return options;
}

/// An option that is a whole number. Error: unsupported, naming it and its value.
[[nodiscard]] inline expected<std::uint32_t> number_of(const url_option& option) {
    std::uint32_t number = 0;
    if (!notation::detail::read_digits(option.value, number)) {
        return fail(errc::unsupported, "option",
                    basic_text<240>(option.key).append("=").append(option.value));
    }
    return number;
}

/// Takes the option of that name out of the list; `otherwise` where it is not there.
[[nodiscard]] inline expected<std::uint32_t> take_number(std::vector<url_option>& options,
                                                         std::string_view key, std::uint32_t otherwise) {
    for (auto at = options.begin(); at != options.end(); ++at) {
        if (at->key == key) {
            const auto number = number_of(*at);
            options.erase(at);
            return number;
        }
    }
    return otherwise;
}

/// The options of a URL that leads to a server, without busy_timeout: how long to wait for another writer.
struct server_options {
    std::vector<url_option> others;
    std::uint32_t wait_ms;
};
[[nodiscard]] inline expected<server_options> take_server_options(std::string_view& url) {
    return take_options(url).and_then([](std::vector<url_option> options) {
        const auto wait_ms = take_number(options, "busy_timeout", 5000);
        return wait_ms ? expected<server_options>({std::move(options), *wait_ms})
                       : tl::unexpected(wait_ms.error());
    });
}

}}}  // namespace jackpot::v1::sql

#endif
