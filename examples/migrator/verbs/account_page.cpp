// SPDX-License-Identifier: BSL-1.0
#include "../console/printable.hpp"
#include "account.hpp"

namespace migrator {

namespace {

/// As text of a page, or within quotes: what a store holds may be anything.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : printable(text, " ")) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

/// A browser that finds a way to ask for something else is refused it.
constexpr std::string_view page_head =
    R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.4 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100% } td, th { padding: .3em .6em; border-bottom: 1px solid #8884; text-align: left; vertical-align: top }
.number { text-align: right; font-variant-numeric: tabular-nums }
.met { color: #176f2c } .missed { color: #b3261e; font-weight: bold } .open { color: #6b5900 }
svg { width: 100%; height: auto; border-bottom: 1px solid #8888 } polyline { fill: none; stroke: #2457c5; stroke-width: 1.5 }
</style>
)";

std::string row_of(std::initializer_list<std::string> values, std::string_view tag) {
    std::string row = "<tr>";
    for (const auto& value : values) {
        // The first one names the row.
        row += fmt::format("<{0}{1}>{2}</{0}>", tag, &value == values.begin() ? "" : " class=\"number\"",
                           escaped(value));
    }
    return row + "</tr>\n";
}

void add_criteria(const account& a, std::string& page) {
    std::string_view list;
    for (const auto& c : a.criteria) {
        if (list != c.list) {
            page += fmt::format("{}<h2>{}</h2>\n<table>\n", list.empty() ? "" : "</table>\n", c.list);
            list = c.list;
        }
        const auto word = c.is == verdict::met ? "✅ met" : c.is == verdict::missed ? "❌ missed" : "☐ open";
        page += fmt::format("<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td></tr>\n", to_string(c.is),
                            word, escaped(c.what), escaped(c.told));
    }
    page += "</table>\n";
}

void add_pools(const account& a, std::string& page) {
    page += "<h2>Pools</h2>\n<table>\n" +
            row_of({"pool", "status", "current", "seed", "cap", "rate", "version"}, "th");
    for (const auto& p : a.pools) {
        page += row_of({p.pool, p.status, p.current, p.seed, p.cap, p.rate, std::to_string(p.version)}, "td");
    }
    page += "</table>\n<h2>What moved</h2>\n";
    page += fmt::format("<p>{} operations: {} contributions, {} wins.</p>\n", a.sequence,
                        a.checked.contributions, a.checked.wins);
    if (!a.against.empty()) {
        page += fmt::format("<p>The other store is at operation {}.</p>\n", a.there_sequence);
    }
    page += "<table>\n" + row_of({"pool", "wagers", "contributed", "wins", "paid", "current here",
                                  a.against.empty() ? "" : "current there"},
                                 "th");
    for (const auto& p : a.pools) {
        page += row_of({p.pool, std::to_string(p.wager_count), p.contributions, std::to_string(p.win_count),
                        p.wins, p.current, p.there},
                       "td");
    }
    page += "</table>\n";
}

void add_plots(const account& a, std::string& page) {
    page += "<h2>Each meter over the journal</h2>\n";
    for (const auto& p : a.pools) {
        const auto name = escaped(p.pool);
        page += fmt::format(
            "<h3>{0}</h3>\n<p>{1} at least, {2} at most</p>\n<svg role=\"img\" viewBox=\"0 -2 {3} {4}\">"
            "<title>{0}, from operation 1 to {5}</title><polyline points=\"",
            name, escaped(p.course.least), escaped(p.course.most), plot::width, plot::height + 4, a.sequence);
        for (const auto& [x, y] : p.course.points) {
            page += fmt::format("{},{} ", x, y);
        }
        page += "\"/></svg>\n";
    }
}

}  // namespace

std::string page_of(const account& a) {
    std::string page(page_head);
    page +=
        fmt::format("<title>{0}</title></head><body>\n<h1>{0}</h1>\n", escaped("Jackpot store " + a.store));
    page += fmt::format("<p>{}, at operation {}, {}. {}</p>\n", escaped(a.at), a.sequence,
                        a.sealed ? "sealed" : "taking changes",
                        a.against.empty() ? std::string("Compared with no other store.")
                                          : "Compared with " + escaped(a.against) + ".");
    add_criteria(a, page);
    add_pools(a, page);
    add_plots(a, page);
    return page + "</body></html>\n";
}

}  // namespace migrator
