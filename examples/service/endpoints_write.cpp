// SPDX-License-Identifier: BSL-1.0
#include "application.hpp"
#include "log.hpp"

#include <cstdio>

namespace service {

namespace {

constexpr std::size_t key_max = 128;

/// A key as it is, or a quoted string of RFC 8941; empty where it is neither.
std::string unquoted(std::string_view text) {
    if (!text.starts_with('"')) {
        return std::string(text);
    }
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            return i + 1 == text.size() ? out : std::string();
        }
        i += text[i] == '\\' ? 1 : 0;
        out.append(text.substr(i, 1));
    }
    return {};
}

std::string with_tenant(const std::string& tenant, const std::string& key) {
    return tenant.empty() ? key : tenant + ":" + key;
}

std::string timing(const commit_answer& a) {
    char text[80];
    std::snprintf(text, sizeof text, "queue;dur=%.3f, commit;dur=%.3f", 1000 * a.queued.count(),
                  1000 * a.committing.count());
    return text;
}

/// Answers that depend on the request: of a win, held and confirmed too, and of a pool that is opened.
json_text to_json(const request_type& asked, const jackpot::receipt& r) {
    if (const auto* win = std::get_if<jackpot::win_request>(&asked)) {
        return won(*win, r);
    }
    if (const auto* hold = std::get_if<jackpot::hold_request>(&asked)) {
        return held(*hold, r);
    }
    if (std::holds_alternative<jackpot::confirm_request>(asked)) {
        return done(r);
    }
    const auto* opened = std::get_if<jackpot::open_request>(&asked);
    return changed(std::string(opened == nullptr ? std::string_view() : opened->pool.view()), r);
}

}  // namespace

read<std::optional<std::string>> application::key_of(const exchange& x) const {
    const auto count = x.asked.count("idempotency-key");
    if (count == 0) {
        const auto to = x.where.to->to;
        const bool required =
            options_.require_key && x.where.to->needs == scope::play && to != endpoint::revert;
        return required ? read<std::optional<std::string>>(tl::unexpected(problem_of("missing_key")))
                        : std::nullopt;
    }
    auto key = unquoted(x.asked.get("idempotency-key"));
    if (count > 1 || key.empty() || key.size() > key_max) {
        return tl::unexpected(problem_of(jackpot::error{jackpot::errc::invalid_key, "Idempotency-Key"}));
    }
    return with_tenant(x.tenant, key);
}

void application::note(std::string_view operation, const request_type& asked, const commit_answer& a,
                       double seconds) {
    const auto result = !a.receipt            ? to_string(a.receipt.error().code)
                        : a.receipt->replayed ? std::string_view("replayed")
                                              : std::string_view("ok");
    metrics_.operated(operation, result, seconds);
    if (operation == "contribute") {
        kpis_.contributed(seconds);
    } else if (operation == "win" || operation == "hold") {
        kpis_.won(seconds);
    }
    if (!a.receipt) {
        const auto& e = a.receipt.error();
        metrics_.refused += e.code == jackpot::errc::overloaded ? 1 : 0;
        if (e.kind() == jackpot::category::fatal && e.code != jackpot::errc::store_sealed) {
            health_.spoil(e);
        }
        if (e.kind() != jackpot::category::rejected) {
            log("warn", to_text(e), {{"operation", operation}});
        }
        return;
    }
    if (!a.receipt->replayed) {
        events_.hear(*a.receipt);
        if (const auto* win = std::get_if<jackpot::win_request>(&asked)) {
            events_.hear_win(win->pool, &win->game, *a.receipt);
        } else if (const auto* confirmed = std::get_if<jackpot::confirm_request>(&asked)) {
            events_.hear_win(confirmed->pool, nullptr, *a.receipt);
        }
    }
}

void application::operate(const exchange_ptr& x, std::string_view operation, read<request_type> r,
                          shape to_json) {
    auto key = key_of(*x);
    if (!r || !key) {
        return answer(*x, r ? key.error() : r.error());
    }
    if (*key) {
        set_key(*r, **key);
    }
    commit(x, operation, std::move(*r), to_json);
}

void application::commit(const exchange_ptr& x, std::string_view operation, request_type r,
                         const shape& shaped) {
    // The answer of most does not name what was asked.
    const auto asked = shaped ? nullptr : std::make_shared<const request_type>(r);
    commits_.submit(std::move(r), [this, x, operation, asked, shaped](commit_answer a) {
        note(operation, asked ? *asked : request_type(), a, seconds_since(x->parsed));
        if (!a.receipt) {
            return answer(*x, problem_of(a.receipt.error(), !x->where.segment.empty()));
        }
        const auto& receipt = *a.receipt;
        std::vector<field> fields{{"Server-Timing", timing(a)}};
        if (receipt.replayed) {
            fields.push_back({"Idempotent-Replayed", "true"});
        }
        if (const auto* opened = asked ? std::get_if<jackpot::open_request>(&*asked) : nullptr) {
            fields.push_back({"Location", "/api/jackpot/pools/" + encode(opened->pool.view())});
        }
        answer(*x, shaped ? shaped(receipt) : to_json(*asked, receipt), x->where.to->success,
               std::move(fields));
    });
}

void application::batch(const exchange_ptr& x) {
    auto wagers = read_batch(x->asked.body);
    if (!wagers) {
        return answer(*x, wagers.error());
    }
    struct results {
        std::vector<json_text> all;
        std::size_t left = 0;
    };
    const auto r = std::make_shared<results>();
    r->all.resize(wagers->size());
    // One more, so that answers that come at once do not end it.
    r->left = wagers->size() + 1;
    const auto done = [this, x, r](std::size_t i, json_text result) {
        if (i < r->all.size()) {
            r->all[i] = std::move(result);
        }
        if (--r->left == 0) {
            answer(*x, json_text{{"results", std::move(r->all)}});
        }
    };
    const auto refused = [x](const problem& p) { return json_text::parse(service::to_json(p, x->id)); };
    for (std::size_t i = 0; i < wagers->size(); ++i) {
        auto& wager = (*wagers)[i];
        if (!wager) {
            done(i, refused(wager.error()));
            continue;
        }
        if (const auto* key = jackpot::key_of<std::int64_t>(*wager); key->empty() || key->size() > key_max) {
            done(i, refused(problem_of(jackpot::error{jackpot::errc::invalid_key, "key"})));
            continue;
        } else {
            set_key(*wager, with_tenant(x->tenant, std::string(key->view())));
        }
        commits_.submit(std::move(*wager), [this, x, i, done, refused](commit_answer a) {
            note("contribute", {}, a, seconds_since(x->parsed));
            done(i, a.receipt ? contributed(*a.receipt) : refused(problem_of(a.receipt.error())));
        });
    }
    done(wagers->size(), {});
}

void application::configure(const exchange_ptr& x) {
    const auto& name = x->where.segment;
    const auto change = [name](const jackpot::receipt& r) { return changed(name, r); };
    const auto wanted = x->asked.get("if-match");
    if (wanted.empty()) {
        return operate(x, "configure", read_patch(name, x->asked.body), change);
    }
    with_states(x, [this, x, wanted, change](const jackpot::snapshot& states) {
        const auto* found = jackpot::detail::find_pool(states.pools, x->where.segment);
        if (found != nullptr && !names_tag(wanted, std::to_string(found->version))) {
            return answer(
                *x, problem_of("precondition_failed", "it has version " + std::to_string(found->version)));
        }
        operate(x, "configure", read_patch(x->where.segment, x->asked.body), change);
    });
}

void application::revert(const exchange_ptr& x) {
    auto r = read_revert(x->asked.body);
    if (r) {
        auto& reverts = std::get<jackpot::revert_request>(*r).reverts;
        reverts = with_tenant(x->tenant, std::string(reverts.view()));
    }
    operate(x, "revert", std::move(r), done);
}

void application::seal(const exchange_ptr& x, bool sealed) {
    reads_.seal(sealed, [this, x](const jackpot::expected<void>& done) {
        if (!done) {
            return answer(*x, problem_of(done.error()));
        }
        log("warn", x->where.to->to == endpoint::seal ? "the store was sealed" : "the store was unsealed",
            {{"by", x->tenant}, {"requestId", x->id}});
        health_.probe();
        with_states(x, [this, x](const jackpot::snapshot& states) {
            answer(*x, json_text{{"sealed", states.head.sealed}, {"sequence", states.head.sequence}});
        });
    });
}

}  // namespace service
