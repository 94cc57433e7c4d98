// SPDX-License-Identifier: BSL-1.0
#include "events.hpp"

#include "api.hpp"

#include <cmath>

namespace service {

namespace {

constexpr std::chrono::seconds silence_max{15};

/// Minor units as the page spells them: two decimals, narrow spaces between groups of three.
std::string spell(std::int64_t units) {
    auto digits = std::to_string(units);
    digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
    std::string whole = digits.substr(0, digits.size() - 2);
    for (std::size_t at = whole.size(); at > 3;) {
        whole.insert(at -= 3, "\u202F");
    }
    return whole + "." + digits.substr(digits.size() - 2);
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string frame(std::string_view event, std::uint64_t sequence, const json_text& data) {
    std::string text = "id: " + std::to_string(sequence) + "\nevent: ";
    return text.append(event).append("\ndata: ").append(data.dump()).append("\n\n");
}

}  // namespace

void events::meter_is(const std::string& group, std::int64_t current, std::uint64_t version) {
    auto [at, made] = meters_.try_emplace(group);
    meter& m = at->second;
    // Answers and reads come by two ways: the newest version wins.
    if (!made && version <= m.version) {
        return;
    }
    m.grown += made ? 0 : (std::max)(current - m.current, std::int64_t(0));
    m.current = current;
    m.version = version;
    changed_ = true;
}

void events::hear(const jackpot::receipt& r) {
    for (const auto& part : r.parts) {
        meter_is(std::string(part.pool.view()), part.current, part.version);
    }
    if (r.sequence > sequence_) {
        sequence_ = r.sequence;
        at_ = r.at;
    }
}

void events::hear_win(const jackpot::name& pool, const jackpot::name* game, const jackpot::receipt& r) {
    json_text win{{"sequence", std::to_string(r.sequence)},
                  {"at", rfc3339(r.at)},
                  {"group", pool.view()},
                  {"amount", std::to_string(r.paid())}};
    if (game != nullptr) {
        win["game"] = game->view();
    }
    wins_ += frame("win", r.sequence, win);
}

void events::hear(const jackpot::snapshot& states) {
    if (states.head.sequence < sequence_) {
        return;  // it was read before the newest answer
    }
    for (const auto& p : states.pools) {
        meter_is(std::string(p.pool.view()), p.current, p.version);
    }
    sequence_ = states.head.sequence;
    at_ = states.head.at;
}

void events::measure_rates() {
    const auto now = clock::now();
    if (now - measured_ < std::chrono::seconds(1)) {
        return;
    }
    const auto seconds = std::chrono::duration<double>(now - measured_).count();
    measured_ = now;
    for (auto& [group, m] : meters_) {
        // Half of it is older than three seconds.
        const auto rate = m.rate + 0.2 * (static_cast<double>(m.grown) / seconds - m.rate);
        changed_ = changed_ || std::llround(rate) != std::llround(m.rate);
        m.rate = rate;
        m.grown = 0;
    }
}

std::string events::meters_frame(const kpis& k) const {
    json_text meters = json_text::object();
    for (const auto& [group, m] : meters_) {
        meters[group] = {{"current", std::to_string(m.current)},
                         {"version", std::to_string(m.version)},
                         {"rate", std::to_string(std::llround(m.rate))}};
    }
    return frame("meters", sequence_,
                 {{"sequence", std::to_string(sequence_)},
                  {"at", rfc3339(at_)},
                  {"meters", std::move(meters)},
                  {"kpi", k.to_json()}});
}

std::shared_ptr<void> events::place() {
    ++*joining_;
    return {nullptr, [joining = joining_](void*) { --*joining; }};
}

void events::join(std::shared_ptr<listener> l, const kpis& k) {
    if (ended_) {
        l->end(std::make_shared<const std::string>("event: bye\ndata: {}\n\n"));
        return;
    }
    l->send(std::make_shared<const std::string>("retry: 2000\n" + meters_frame(k)));
    listeners_.push_back(std::move(l));
}

std::uint64_t events::tick(const kpis& k) {
    measure_rates();
    std::erase_if(listeners_, [](const auto& l) { return l->gone(); });
    const bool silent = clock::now() - said_ > silence_max;
    if (listeners_.empty() || !(changed_ || silent || !wins_.empty())) {
        wins_.clear();
        return 0;
    }
    const auto text = std::make_shared<const std::string>(changed_ || !wins_.empty() ? wins_ + meters_frame(k)
                                                                                     : std::string(": \n\n"));
    wins_.clear();
    changed_ = false;
    said_ = clock::now();
    std::uint64_t dropped = 0;
    for (const auto& l : listeners_) {
        dropped += l->send(text) ? 0 : 1;
    }
    return dropped;
}

void events::end() {
    ended_ = true;
    const auto bye = std::make_shared<const std::string>("event: bye\ndata: {}\n\n");
    for (const auto& l : listeners_) {
        l->end(bye);
    }
    listeners_.clear();
}

std::string events::articles() const {
    std::string html;
    for (const auto& [group, m] : meters_) {
        const auto name = escape(group);
        html.append("<article class=\"meter\" data-group=\"").append(name).append("\"><h2>").append(name);
        html.append("</h2><output>").append(spell(m.current)).append("</output></article>\n");
    }
    return html;
}

}  // namespace service
