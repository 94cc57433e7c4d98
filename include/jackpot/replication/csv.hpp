// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_CSV_HPP
#define JACKPOT_REPLICATION_CSV_HPP

#include <jackpot/core/notation.hpp>
#include <jackpot/replication/accounts.hpp>
#include <jackpot/replication/fold.hpp>
#include <jackpot/store/request_fields.hpp>

// Statements and journals as CSV (RFC 4180): a first line of names, lines that end with CR LF, fields between
// commas. Every text that somebody chose stands in quotes, with the quotes in it doubled; what may begin a
// formula for a spreadsheet has a ' before it there, and so has what begins with ' itself: to get the text
// back, take one ' away. Numbers, words of the library's own and times (UTC, 2025-11-01T04:47:00.000000Z)
// have no quotes. What is not there is an empty field.

namespace jackpot { inline namespace v1 {
namespace detail { namespace csv {

/// Would a spreadsheet take it for a formula? = + - @ begin one, in some languages also their wide forms, and
/// spaces before them may not count.
[[nodiscard]] inline bool may_begin_formula(std::string_view text) noexcept {
    constexpr std::string_view signs[] = {"=", "+", "-", "@", "'", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    text.remove_prefix((std::min)(text.find_first_not_of(' '), text.size()));
    return std::any_of(std::begin(signs), std::end(signs),
                       [&](std::string_view sign) { return text.substr(0, sign.size()) == sign; });
}

inline void put(std::string& field, std::string_view text) {
    field.append(may_begin_formula(text) ? "\"'" : "\"");
    for (const char c : text) {
        field.append(c == '"' ? 2U : 1U, c);
    }
    field.push_back('"');
}
inline void put(std::string& field, const name& value) {
    put(field, value.view());
}
inline void put(std::string& field, std::uint64_t value) {
    field.append(notation::detail::digits(value).view());
}
template <amount Amount>
void put(std::string& field, const Amount& value) {
    field.append(amount_traits<Amount>::to_text(value).view());
}
inline void put(std::string& field, when value) {
    field.append(to_string(value));
}
inline void put(std::string& field, const name_list& names) {
    std::string lines;
    for (const name& n : names) {
        lines.append(lines.empty() ? "" : "\n").append(n.view());
    }
    put(field, std::string_view(lines));
}
template <class Value>
void put(std::string& field, const std::optional<Value>& value) {
    if (value) {
        put(field, *value);
    }
}
/// A configuration or a patch, in notation.
template <class Settings>
requires requires {
    notation::write(std::declval<std::string&>(), std::declval<const Settings&>());
}
void put(std::string& field, const Settings& settings) {
    std::string text;
    notation::write(text, settings);
    put(field, std::string_view(text));
}
inline void put(std::string& field, const identifier& id) {
    for (const std::uint64_t half : {id.high, id.low}) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            field.push_back("0123456789abcdef"[half >> shift & 0xF]);
        }
    }
}

/// A time that a journal can have: not before the epoch.
inline void put_time(std::string& field, timestamp at) {
    const auto digits = [&](std::int64_t value, std::size_t width, char behind) {
        const auto text = notation::detail::digits(static_cast<std::uint64_t>(value));
        field.append(width - (std::min)(width, text.size()), '0').append(text.view()).push_back(behind);
    };
    const std::int64_t s = at / 1'000'000;
    // The Gregorian calendar repeats itself every 400 years, which begin here with a first of March, so that
    // a leap day is the last one of its year, and months of 31 and 30 days take turns by fives.
    const std::int64_t days = s / 86'400 + 719'468;
    const std::int64_t day = days % 146'097;
    const std::int64_t year = (day - day / 1'460 + day / 36'524 - day / 146'096) / 365;
    const std::int64_t of_year = day - (365 * year + year / 4 - year / 100);
    const std::int64_t month = (5 * of_year + 2) / 153;
    digits(days / 146'097 * 400 + year + (month >= 10 ? 1 : 0), 4, '-');
    digits(month + (month >= 10 ? -9 : 3), 2, '-');
    digits(of_year - (153 * month + 2) / 5 + 1, 2, 'T');
    digits(s / 3'600 % 24, 2, ':');
    digits(s / 60 % 60, 2, ':');
    digits(s % 60, 2, '.');
    digits(at % 1'000'000, 6, 'Z');
}

/// Ends a line whose fields have a comma before each but the first.
inline void end_line(std::string& out) {
    out.append("\r\n");
}

template <class Meters>
void append_names(std::string& out, const Meters& meters) {
    for (const auto& m : meters) {
        out.append(",").append(m.name);
    }
}

/// The fields of a request, as each_field names them.
struct request_fields {
    std::string pool, key, game, player, round, site, amount, pools, hold, from, to, reverts, reverted, actor,
        reason, when, returned_to, detail;
};

/// Those that stand in the line of each part, in this order.
inline constexpr std::pair<std::string_view, std::string request_fields::*> request_columns[] = {
    {"key", &request_fields::key},         {"game", &request_fields::game},
    {"player", &request_fields::player},   {"round", &request_fields::round},
    {"site", &request_fields::site},       {"amount", &request_fields::amount},
    {"pools", &request_fields::pools},     {"hold", &request_fields::hold},
    {"from", &request_fields::from},       {"to", &request_fields::to},
    {"reverts", &request_fields::reverts}, {"reverted", &request_fields::reverted},
    {"actor", &request_fields::actor},     {"reason", &request_fields::reason},
    {"when", &request_fields::when},       {"returned_to", &request_fields::returned_to},
    {"detail", &request_fields::detail}};

template <amount Amount>
void append_operation(std::string& out, const basic_operation<Amount>& o) {
    request_fields fields;
    visit_request(
        [&](const auto& r) {
            each_field(fields, r, [](std::string& field, const auto& value) { put(field, value); });
        },
        o.request);
    for (const auto& part : o.parts) {
        put(out, o.sequence);
        put_time(out.append(","), o.at);
        put(out.append(","), o.id);
        out.append(",").append(to_string(o.kind()));
        put(out.append(","), part.pool);
        put(out.append(","), part.version);
        if (part.state) {
            fields.detail.clear();
            put(fields.detail, *part.state);
        }
        for (const auto& [column, field] : request_columns) {
            out.append(",").append(fields.*field);
        }
        for (const auto& m : balance_meters<Amount>) {
            out.append(",");
            m.amount != nullptr ? put(out, part.*m.amount) : put(out, std::uint64_t{part.*m.fraction});
        }
        for (const auto& m : part_amounts<Amount>) {
            out.append(",");
            if (m.belongs_to(o.kind())) {
                put(out, part.*m.amount);
            }
        }
        end_line(out);
    }
}

}}  // namespace detail::csv

/// A statement as CSV. Each account is one line for its opening, one for each kind of operation that moved
/// it, and one for its closing. `scope` is `pool` for the whole pool, and `site` for that of its operations
/// which belong to the site beside it, or to none. So the lines of one scope add up, column by column.
template <amount Amount>
[[nodiscard]] std::string statement_csv(const basic_statement<Amount>& s) {
    using namespace detail::csv;
    std::string out = "pool,scope,site,line,operations";
    append_names(out, all_meters<Amount>);
    end_line(out);
    const auto append = [&](const name& of, const std::optional<name>* site, const auto& account) {
        detail::each_line(account, [&](std::string_view what, std::uint64_t operations, const auto& line) {
            put(out, of);
            out.append(site == nullptr ? ",pool," : ",site,");
            if (site != nullptr) {
                put(out, *site);
            }
            out.append(",").append(what).append(",");
            if (operations != 0) {
                put(out, operations);
            }
            for (const Amount& value : line.values) {
                put(out.append(","), value);
            }
            end_line(out);
        });
    };
    for (const auto& p : s.pools) {
        append(p.pool, nullptr, p);
        for (const auto& site : p.sites) {
            append(p.pool, &site.site, site);
        }
    }
    return out;
}

/// Writes the operations that match as CSV, whatever the query's limit is: a page of so many at a time is in
/// memory. `write(text)` gets whole lines, a page's at a time. There is a line for each part, with the fields
/// of the whole request: where a wager feeds several pools, its amount stands in as many lines. A
/// configuration, a patch or a whole state stands in `detail`, in several lines of the field, in notation.
/// Returns how many operations there were.
///
/// It only reads, and leaves out what is committed after the call began. Error: the store's; what was written
/// until then is whole lines, and the next call writes all of it again.
template <storage Storage, class Write>
[[nodiscard]] expected<std::uint64_t> journal_csv(Storage& store, history_query q, Write&& write) {
    using amount_type = typename Storage::amount_type;
    using namespace detail::csv;
    basic_snapshot<amount_type> now;
    if (auto loaded = store.load(now); !loaded) {
        return tl::unexpected(loaded.error());
    }
    q.before = (std::min)(q.before, now.head.sequence + 1);
    std::string text = "sequence,at,id,kind,pool,version";
    for (const auto& [column, field] : request_columns) {
        text.append(",").append(column);
    }
    append_names(text, balance_meters<amount_type>);
    append_names(text, part_amounts<amount_type>);
    end_line(text);
    std::vector<basic_operation<amount_type>> page;
    for (std::uint64_t count = 0;; count += page.size()) {
        if (auto read = store.read(q, page); !read) {
            return tl::unexpected(read.error());
        }
        for (const auto& o : page) {
            append_operation(text, o);
        }
        write(std::string_view(text));
        text.clear();
        if (page.empty()) {
            return count;
        }
        (q.newest_first ? q.before : q.after) = page.back().sequence;
    }
}

}}  // namespace jackpot::v1

#endif
