// SPDX-License-Identifier: BSL-1.0
#include "answer.hpp"

#include "../verbs/verb.hpp"
#include "document.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace migrator {

void answer::begin(std::string verb, bool json) {
    const std::lock_guard lock(mutex_);
    verb_ = std::move(verb);
    json_ = json;
    ended_ = false;
    status_.clear();
    why_ = {};
    if_ended_ = {"it was ended before it was done, and nothing was changed", "run the same command again"};
    members_ = nlohmann::ordered_json::object();
}

void answer::show(int code) const {
    nlohmann::ordered_json document{{"verb", verb_},
                                    {"status", !status_.empty() ? status_
                                               : code == 0      ? "success"
                                                                : "failed"},
                                    {"exitCode", code}};
    for (const auto& [member, value] :
         {std::pair("reason", &why_.what), {"said", &why_.said}, {"remedy", &why_.remedy}}) {
        if (!value->empty()) {
            document[member] = *value;
        }
    }
    document.update(members_);
    print_document(document);
}

void answer::end(int code) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(ended_, true) && json_) {
        show(code);
    }
}

bool answer::end_by(int signal) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true)) {
        return false;
    }
    clear_bar();
    if (status_.empty()) {
        interrupt({fmt::format("{}: {}", name_of(signal), if_ended_.what), if_ended_.remedy});
        if (on_end_) {
            on_end_(why_);
        }
        if (!json_) {
            emit("Interrupted: {}\n{}", why_.what, lines{why_.advice()});
        }
    }
    if (json_) {
        show(exit_signal + signal);
    }
    std::fflush(stdout);
    return true;
}

}  // namespace migrator
