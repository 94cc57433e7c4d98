// SPDX-License-Identifier: BSL-1.0
#include "health.hpp"

#include "api.hpp"

#include <jackpot/core/system.hpp>

namespace service {

namespace {

constexpr std::chrono::seconds probe_deadline{2};

json_text check(verdict v, json_text observed, std::string_view unit, jackpot::timestamp at) {
    json_text one{{"observedValue", std::move(observed)}};
    if (!unit.empty()) {
        one["observedUnit"] = unit;
    }
    one["status"] = to_string(v);
    one["time"] = rfc3339(at);
    return json_text::array({std::move(one)});
}

double rounded(double value) {
    return static_cast<double>(static_cast<std::int64_t>(value * 1000 + 0.5)) / 1000;
}

}  // namespace

void health::probe() {
    if (probing_) {
        return;
    }
    probing_ = true;
    asked_ = clock::now();
    reads_.load([this](const jackpot::expected<reads::states>& loaded) {
        probing_ = false;
        took_s_ = std::chrono::duration<double>(clock::now() - asked_).count();
        answered_at_ = jackpot::system_environment().now();
        if (!loaded) {
            failed_ = loaded.error();
            return;
        }
        failed_.reset();
        states_ = *loaded;
        unsound_.clear();
        for (const auto& p : states_->pools) {
            if (const auto sound = check_meters(p); !sound) {
                unsound_[std::string(p.pool.view())] = sound.error().detail.view();
            }
        }
        on_states(states_, took_s_);
    });
}

bool health::store_up() const {
    return states_ != nullptr && !failed_ && !(probing_ && clock::now() - asked_ > probe_deadline);
}

verdict health::database_verdict() const {
    if (!store_up()) {
        return verdict::fail;
    }
    const auto available = store_.usage().available();
    return available < 20 ? verdict::fail : available < 80 ? verdict::warn : verdict::pass;
}

json_text health::database() const {
    const auto usage = store_.usage();
    const auto available = usage.available();
    json_text response =
        check(store_up() ? verdict::pass : verdict::fail, rounded(1000 * took_s_), "ms", answered_at_);
    response[0]["componentType"] = "datastore";
    response[0]["componentId"] = store_.shown();
    if (!store_up()) {
        // The kind of the trouble; what the engine says about it is in the log.
        response[0]["output"] = failed_ ? to_string(failed_->code) : "no answer in time";
    }
    const auto free = available < 20 ? verdict::fail : available < 80 ? verdict::warn : verdict::pass;
    return {{"status", to_string(database_verdict())},
            {"checks",
             {{"store:responseTime", std::move(response)},
              {"store:connections", check(free, available, "percent", answered_at_)}}}};
}

json_text health::jackpot(std::size_t waiting, std::size_t capacity) const {
    auto worst = unsound_.empty() ? verdict::pass : verdict::fail;
    json_text checks = json_text::object();
    const auto add = [&](const char* name, verdict v, json_text observed, std::string_view unit) {
        worst = (std::max)(worst, v);
        checks[name] = check(v, std::move(observed), unit, answered_at_);
    };
    add("store:up", store_up() ? verdict::pass : verdict::fail, store_up(), "");
    if (states_ != nullptr) {
        const auto& head = states_->head;
        const auto age_us = (std::max)(answered_at_ - head.at, jackpot::timestamp(0));
        add("journal:sequence", verdict::pass, head.sequence, "");
        add("journal:age", verdict::pass,
            head.sequence == 0 ? json_text(nullptr) : json_text(age_us / 1'000'000), "s");
        add("journal:sealed", head.sealed ? verdict::fail : verdict::pass, head.sealed, "");
    }
    add("queue:waiting", 10 * waiting > 8 * capacity ? verdict::fail : verdict::pass, waiting, "requests");
    add("meters:sound", unsound_.empty() ? verdict::pass : verdict::fail, unsound_.empty(), "");
    if (spoilt_) {
        add("commits:possible", verdict::fail, to_string(spoilt_->code), "");
    }
    for (const auto& v : kpis_.values()) {
        add(("kpi:" + std::string(v.name)).c_str(), v.status(),
            v.measured ? json_text(rounded(*v.measured)) : json_text(nullptr), v.unit);
    }
    json_text pools = json_text::object();
    const jackpot::snapshot none;
    for (const auto& p : (states_ == nullptr ? none : *states_).pools) {
        const std::string name(p.pool.view());
        const auto unsound = unsound_.find(name);
        json_text& pool = pools[name] = {{"status", unsound == unsound_.end() ? "pass" : "fail"},
                                         {"currentAmount", p.current},
                                         {"version", p.version}};
        if (unsound != unsound_.end()) {
            pool["output"] = unsound->second;
        }
    }
    return {{"status", to_string(worst)}, {"checks", std::move(checks)}, {"pools", std::move(pools)}};
}

std::string health::not_ready(std::size_t waiting, std::size_t capacity, bool draining) const {
    std::string lines;
    const auto say = [&](std::string_view line) { lines.append(line).append("\n"); };
    if (draining) {
        say("draining");
    }
    if (!store_up()) {
        say(failed_ ? "store: " + std::string(to_string(failed_->code))
                    : std::string("store: no answer in time"));
    }
    if (states_ != nullptr && states_->head.sealed) {
        say("store: store_sealed");
    }
    if (10 * waiting >= 8 * capacity) {
        say("queue: more than 80 % full");
    }
    if (spoilt_) {
        say("commits: " + std::string(to_string(spoilt_->code)));
    }
    return lines;
}

}  // namespace service
