// SPDX-License-Identifier: BSL-1.0
#include "rollback_data.hpp"

#include <jackpot/core/notation.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/store/checkpoint.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <openssl/evp.h>
#include <set>
#include <unistd.h>

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

/// The lines of notation as members; those of one name that is there more than once as a list.
json to_json(const jackpot::pool& p) {
    std::string lines;
    jackpot::notation::write(lines, p);
    json members = json::object();
    [[maybe_unused]] const bool read =
        jackpot::notation::detail::each_line(lines, [&](std::string_view field, std::string_view value) {
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
    for (const auto& [field, member] : members.items()) {
        const json list = member.is_array() ? member : json::array({member});
        for (const json& value : list) {
            if (!value.is_string() || value.get_ref<const std::string&>().find('\n') != std::string::npos) {
                return wrong(field + " is no string of one line");
            }
            lines += field + " " + value.get_ref<const std::string&>() + "\n";
        }
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

/// Parses JSON in which no object has two members of one name, and nothing is nested deeper than a pool's
/// games: what goes through a document later does so by recursion.
json parse(std::string_view text, std::string& wrong) {
    constexpr int depth_max = 3;
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
    json document{{"format", std::string(rollback_data_format)},  {"version", "1"},
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
    members in(document);
    const std::string digest = in.text("sha256");
    if (in.wrong().empty() &&
        digest != sha256(document.dump(-1, ' ', false, json::error_handler_t::replace))) {
        return unexpected("sha256: the document was changed since it was written");
    }
    in.expect("format", rollback_data_format);
    in.expect("version", "1");
    in.expect("amountType", amounts);
    rollback_data data;
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
    const auto& [head, pools] = data.states;
    auto checkpoint = jackpot::detail::checkpoint_of(data.states);
    checkpoint.id = data.last_operation.is_null() ? digest_id(data) : data.last_operation;
    return store.commit({.identity = head.identity, .operations = {&checkpoint, 1}, .pools = pools})
        .map([](jackpot::commit_result) {});
}

tl::expected<void, std::string> write_file(const std::string& path, std::string_view text,
                                           existing_file existing) {
    const std::string_view whole = text;
    std::error_code none;
    const auto there = std::filesystem::symlink_status(path, none);
    if (exists(there) && !is_regular_file(there)) {
        return unexpected(path + ": is no regular file, and is left alone");
    }
    std::string temporary = path + ".XXXXXX.new";
    const int file = ::mkostemps(temporary.data(), 4, O_CLOEXEC);
    const auto failed = [&](const char* step) {
        const std::string why = std::strerror(errno);
        if (file >= 0) {
            ::unlink(temporary.c_str());
        }
        return unexpected(fmt::format("{}: {}: {}", path, step, why));
    };
    if (file < 0) {
        return failed("cannot be made");
    }
    const char* wrong = nullptr;
    while (wrong == nullptr && !text.empty()) {
        const auto count = ::write(file, text.data(), text.size());
        wrong = count > 0 ? nullptr : "cannot be written";
        text.remove_prefix(wrong == nullptr ? static_cast<std::size_t>(count) : 0);
    }
    if (wrong == nullptr && ::fsync(file) != 0) {
        wrong = "cannot be made durable";
    }
    const int error = errno;
    if (::close(file) != 0 && wrong == nullptr) {
        return failed("cannot be closed");
    }
    if (wrong != nullptr) {
        errno = error;
        return failed(wrong);
    }
    const bool kept = existing == existing_file::kept;
    if ((kept ? ::link(temporary.c_str(), path.c_str()) : std::rename(temporary.c_str(), path.c_str())) !=
            0 &&
        !(kept && errno == EEXIST && read_file(path) == whole)) {
        return failed("cannot be put in place");
    }
    if (kept) {
        ::unlink(temporary.c_str());
    }
    // The name is durable once its folder is.
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int names = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (names >= 0) {
        static_cast<void>(::fsync(names));
        ::close(names);
    }
    return {};
}

namespace {

/// What a file is by its first bytes, where it is no text, and how it becomes one; nothing where it may be
/// text.
const char* format_of(std::string_view text) {
    struct format {
        std::string_view begins;
        const char* words;
    };
    using namespace std::string_view_literals;
    static constexpr format known[] = {
        {"\x1f\x8b"sv, "it is compressed by gzip: gunzip FILE"},
        {"\x28\xb5\x2f\xfd"sv, "it is compressed by zstd: zstd -d FILE"},
        {"\xfd\x37zXZ\0"sv, "it is compressed by xz: unxz FILE"},
        {"BZh"sv, "it is compressed by bzip2: bunzip2 FILE"},
        {"PK\x03\x04"sv, "it is an archive of zip: unzip FILE"},
        {"SQLite format 3\0"sv,
         "it is a database of SQLite: sqlite3 FILE .dump >PLAIN.sql, or name it as a store"},
        {"\xff\xfe"sv, "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE >PLAIN"},
        {"\xfe\xff"sv, "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE >PLAIN"},
    };
    for (const auto& each : known) {
        if (text.starts_with(each.begins)) {
            return each.words;
        }
    }
    return nullptr;
}

}  // namespace

tl::expected<std::string, std::string> read_file(const std::string& path) {
    std::error_code none;
    if (std::filesystem::is_directory(path, none)) {
        return unexpected(path + ": it is a folder, and a file is wanted");
    }
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return unexpected(fmt::format("{}: {}", path, std::strerror(errno)));
    }
    if (const char* format = format_of(text)) {
        return unexpected(fmt::format("{}: {}", path, format));
    }
    constexpr std::string_view mark_of_utf8 = "\xef\xbb\xbf";
    if (text.starts_with(mark_of_utf8)) {
        text.erase(0, mark_of_utf8.size());
    }
    return text;
}

}  // namespace migrator
