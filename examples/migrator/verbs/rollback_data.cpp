// SPDX-License-Identifier: BSL-1.0
#include "rollback_data.hpp"

#include <jackpot/core/notation.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/checkpoint.hpp>
#include <jackpot/store/name_changed.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <openssl/evp.h>
#include <set>

namespace migrator {

namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view amounts = jackpot::amount_traits<std::int64_t>::type_name;

tl::unexpected<std::string> unexpected(std::string why) {
    return tl::unexpected<std::string>(std::move(why));
}

std::string sha256(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) != 1) {
        return {};
    }
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return hex;
}

std::string to_hex(const jackpot::identifier& id) {
    return fmt::format("{:016x}{:016x}", id.high, id.low);
}

constexpr std::string_view hold_prefix = "hold.";

/// The lines of notation as members; those of one name that is there more than once as a list, and those of
/// each hold as an object of the list `holds`.
json to_json(const jackpot::pool& p) {
    std::string lines;
    jackpot::notation::write(lines, p);
    json members = json::object();
    [[maybe_unused]] const bool read =
        jackpot::notation::detail::each_line(lines, [&](std::string_view field, std::string_view value) {
            if (field.starts_with(hold_prefix)) {
                const std::string name(field.substr(hold_prefix.size()));
                json& holds = members["holds"];
                if (name == "name") {
                    holds.push_back(json::object());
                }
                holds.back()[name] = std::string(value);
                return true;
            }
            json& member = members[std::string(field)];
            const bool list = field == "game" || field == "pending.game";
            list ? member.push_back(std::string(value)) : void(member = std::string(value));
            return true;
        });
    return members;
}

tl::expected<jackpot::pool, std::string> to_pool(const json& members, std::size_t number) {
    const auto wrong = [&](std::string_view what) {
        return unexpected(fmt::format("pools[{}]: {}", number, what));
    };
    if (!members.is_object()) {
        return wrong("is no object");
    }
    std::string lines;
    std::string not_one_line;
    const auto add = [&](const std::string& field, const json& value) {
        if (!value.is_string() || value.get_ref<const std::string&>().find('\n') != std::string::npos) {
            not_one_line = field;
            return;
        }
        lines += field + " " + value.get_ref<const std::string&>() + "\n";
    };
    for (const auto& [field, member] : members.items()) {
        for (const json& value : member.is_array() ? member : json::array({member})) {
            if (field != "holds" || !value.is_object()) {
                add(field, value);
                continue;
            }
            for (const auto& [name, part] : value.items()) {
                add(std::string(hold_prefix) + name, part);
            }
        }
    }
    if (!not_one_line.empty()) {
        return wrong(not_one_line + " is no string of one line");
    }
    auto p = jackpot::notation::read_pool<std::int64_t>(lines);
    if (!p) {
        return wrong(
            "its members are not those of a pool, or out of order, or one has a value that it cannot have");
    }
    if (const auto sound = check_meters(*p); !sound) {
        return wrong(to_text(sound.error()).view());
    }
    return std::move(*p);
}

/// Parses JSON in which no object has two members of one name, and nothing is nested deeper than a hold
/// of a pool: what goes through a document later does so by recursion.
json parse(std::string_view text, std::string& wrong) {
    constexpr int depth_max = 4;
    std::vector<std::set<std::string>> open;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        using event_type = json::parse_event_t;
        if (event == event_type::object_start || event == event_type::array_start) {
            if (depth > depth_max) {
                wrong = "it is nested too deep";
                return false;
            }
            open.emplace_back();
        } else if (event == event_type::object_end || event == event_type::array_end) {
            open.pop_back();
        } else if (event == event_type::key &&
                   !open.back().insert(parsed.get_ref<const std::string&>()).second) {
            wrong = parsed.get_ref<const std::string&>() + ": is there twice";
        }
        return true;
    };
    return json::parse(text.begin(), text.end(), watch, false);
}

jackpot::identifier digest_id(const rollback_data& data) {
    const std::string hex = sha256(to_text(data));
    jackpot::identifier id{0, 1};
    std::from_chars(hex.data(), hex.data() + hex.size() / 4, id.high, 16);
    std::from_chars(hex.data() + hex.size() / 4, hex.data() + hex.size() / 2, id.low, 16);
    return id;
}

/// The members of the document, each of which is taken once.
class members {
public:
    explicit members(json& document) : document_(document) {}

    std::string text(const char* name) {
        const auto at = document_.find(name);
        if (at == document_.end() || !at->is_string()) {
            wrong_ = wrong_.empty() ? fmt::format("{}: is missing, or no string", name) : wrong_;
            return {};
        }
        const std::string value = at->get<std::string>();
        document_.erase(at);
        return value;
    }
    template <class Integer>
    Integer number(const char* name, int base = 10) {
        return parsed<Integer>(name, text(name), base);
    }
    jackpot::identifier identifier(const char* name) {
        const std::string hex = text(name);
        return {parsed<std::uint64_t>(name, hex.substr(0, 16), 16),
                parsed<std::uint64_t>(name, hex.size() == 32 ? hex.substr(16) : "", 16)};
    }
    void expect(const char* name, std::string_view wanted) {
        if (const auto value = text(name); wrong_.empty() && value != wanted) {
            wrong_ = fmt::format("{}: {} instead of {}", name, value, wanted);
        }
    }
    [[nodiscard]] const std::string& wrong() const noexcept { return wrong_; }

private:
    template <class Integer>
    Integer parsed(const char* name, const std::string& digits, int base) {
        Integer value = 0;
        const auto [stop, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        if (wrong_.empty() &&
            (failed != std::errc() || stop != digits.data() + digits.size() || value < Integer{})) {
            wrong_ = fmt::format("{}: '{}' is no number that it can have", name, digits);
        }
        return value;
    }

    json& document_;
    std::string wrong_;
};

}  // namespace

std::string to_text(const rollback_data& data) {
    const auto& head = data.states.head;
    json document{{"format", std::string(rollback_data_format)},  {"version", std::to_string(data.version)},
                  {"amountType", std::string(amounts)},           {"identity", to_hex(head.identity)},
                  {"sequence", std::to_string(head.sequence)},    {"at", std::to_string(head.at)},
                  {"lastOperation", to_hex(data.last_operation)}, {"pools", json::array()}};
    for (const auto& p : data.states.pools) {
        document["pools"].push_back(to_json(p));
    }
    document["sha256"] = sha256(document.dump());
    return document.dump(1) + "\n";
}

tl::expected<rollback_data, std::string> read_rollback_data(std::string_view text) {
    std::string wrong;
    json document = parse(text, wrong);
    if (!document.is_object()) {
        return unexpected("it is no JSON object");
    }
    if (!wrong.empty()) {
        return unexpected(wrong);
    }
    if (!document.contains("format") && !document.contains("sha256") && document.contains("pools")) {
        return unexpected(std::string(bare_pools));
    }
    members in(document);
    const std::string digest = in.text("sha256");
    if (in.wrong().empty() &&
        digest != sha256(document.dump(-1, ' ', false, json::error_handler_t::replace))) {
        return unexpected("sha256: the document was changed since it was written");
    }
    in.expect("format", rollback_data_format);
    rollback_data data;
    data.version = in.number<std::uint32_t>("version");
    if (in.wrong().empty() && data.version != 1 && data.version != 2) {
        return unexpected(fmt::format("version: {} instead of 1 or 2", data.version));
    }
    in.expect("amountType", amounts);
    auto& head = data.states.head;
    head.identity = in.identifier("identity");
    head.sequence = in.number<std::uint64_t>("sequence");
    head.at = in.number<jackpot::timestamp>("at");
    data.last_operation = head.newest = in.identifier("lastOperation");
    if (!in.wrong().empty()) {
        return unexpected(in.wrong());
    }
    if (head.sequence == 0) {
        return unexpected("sequence: 0 is no operation");
    }
    if (head.identity.is_null()) {
        return unexpected("identity: 0 is no store's");
    }
    const json pools = document.value("pools", json());
    document.erase("pools");
    if (!pools.is_array() || !document.empty()) {
        return unexpected(document.empty() ? "pools: is missing, or no list"
                                           : document.begin().key() + ": an unknown member");
    }
    for (const json& each : pools) {
        auto p = to_pool(each, data.states.pools.size());
        if (!p) {
            return unexpected(p.error());
        }
        const bool ordered = data.states.pools.empty() || data.states.pools.back().pool < p->pool;
        if (!ordered || p->sequence > head.sequence || p->modified_at > head.at) {
            return unexpected(fmt::format("pools[{}]: is out of order, or newer than the document",
                                          data.states.pools.size()));
        }
        data.states.pools.push_back(std::move(*p));
    }
    return data;
}

tl::expected<std::string, std::string> checked_text(const rollback_data& data) {
    std::string text = to_text(data);
    const auto again = read_rollback_data(text);
    if (!again || again->states.pools != data.states.pools) {
        return unexpected(fmt::format("{}: {}", unsound_moment, again ? "its pools differ" : again.error()));
    }
    return text;
}

jackpot::expected<void> put(const rollback_data& data, jackpot::memory_storage<>& store) {
    auto checkpoint = jackpot::detail::checkpoint_of(data.states);
    checkpoint.id = data.last_operation.is_null() ? digest_id(data) : data.last_operation;
    jackpot::named_pools<std::int64_t> all;
    return store
        .commit({.identity = data.states.head.identity,
                 .operations = {&checkpoint, 1},
                 .pools = name_changed(data.states, {&checkpoint, 1}, all)})
        .map([](jackpot::commit_result) {});
}

}  // namespace migrator
