// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_JUDGE_HPP
#define JACKPOT_TESTS_SIMULATION_JUDGE_HPP

#include "book.hpp"

#include <jackpot/core/receipt.hpp>
#include <jackpot/rules/normalize.hpp>
#include <jackpot/store/storage.hpp>

#include <charconv>

namespace simulation {

inline constexpr std::string_view tag_stem = "t";

/// The number that a request carries in its round or reason: which of the simulation's requests it is. 0:
/// none.
[[nodiscard]] inline std::uint32_t number_in(const name& text) {
    const auto view = text.view();
    std::uint32_t number = 0;
    if (view.rfind(tag_stem, 0) == 0) {
        std::from_chars(view.data() + 1, view.data() + view.size(), number);
    }
    return number;
}
[[nodiscard]] inline std::uint32_t tag_of(const basic_request<std::int64_t>& request) {
    return detail::visit_request(
        [](const auto& r) -> std::uint32_t {
            const name* at = nullptr;
            if constexpr (requires { r.round; }) {
                at = detail::address_of(r.round);
            } else if constexpr (requires { r.reason; }) {
                at = detail::address_of(r.reason);
            }
            return at == nullptr ? 0 : number_in(*at);
        },
        request);
}

/// What the simulation knows of one request.
struct record {
    std::uint64_t landed = 0;    ///< its sequence in the store's journal; 0 = it is not there
    std::uint64_t promised = 0;  ///< the sequence that a receipt said
    identifier id{};             ///< of the operation that landed
    std::uint32_t pending = 0;   ///< calls that ask for it now
    std::uint32_t asks = 0;      ///< calls that asked for it, ever
    std::uint32_t fresh = 0;     ///< receipts that said that it was new
    std::uint32_t salt = 0;      ///< of what it was drawn
    std::uint32_t flushes = 0;   ///< `asks`, when the newest flush began
    bool keyed = false;
    bool unclear = false;  ///< a call for it ended without an answer
    operation_kind kind{};
};

/// What a caller does not have to be told, for it cannot know: the store that answers is not the one that was
/// asked.
struct hearing {
    std::uint32_t tag = 0;
    std::uint64_t landed = 0;  ///< when the call began
    bool key_taken = false;    ///< its key belongs to another request
    bool unclear = false;
    std::uint32_t asks = 0;      ///< by then; 0 = others asked already
    bool lenient = false;        ///< the history was replaced meanwhile, or reads may be old
    std::uint64_t injected = 0;  ///< a bit for each error that the simulation gave
};

/// Holds against each other what callers were told and what the journal says.
class judge {
public:
    [[nodiscard]] bool failed() const noexcept { return !what_.empty(); }
    [[nodiscard]] const std::string& what() const noexcept { return what_; }
    void fail(std::string what) {
        if (what_.empty()) {
            what_ = std::move(what);
        }
    }
    void fail(std::uint32_t tag, std::string_view what) {
        fail(std::string(what) + ", request " + std::to_string(tag));
    }

    [[nodiscard]] record& of(std::uint32_t tag) { return records_[tag]; }
    [[nodiscard]] std::uint32_t newest() const noexcept { return std::uint32_t(records_.size() - 1); }
    [[nodiscard]] std::uint32_t add(bool keyed, operation_kind kind, std::uint32_t salt) {
        record& r = records_.emplace_back();
        r.keyed = keyed;
        r.kind = kind;
        r.salt = salt;
        return newest();
    }

    /// An operation is in the journal. `copied`: it is in another store's already, at the same place.
    void landed(const operation& o, bool copied) {
        const std::uint32_t tag = tag_of(o.request);
        if (tag == 0 || tag >= records_.size()) {
            return;
        }
        record& r = records_[tag];
        if (copied) {
            if (r.landed != o.sequence || r.id != o.id) {
                fail(tag, "a copy is not what was copied");
            }
            return;
        }
        if (r.landed != 0) {
            fail(tag, "it is in the journal twice");
        } else if (r.promised != 0 && r.promised != o.sequence) {
            fail(tag, "it is in the journal elsewhere than its receipt said");
        } else if (r.pending == 0 && !r.unclear && r.promised == 0) {
            fail(tag, "it was refused, and is in the journal");
        }
        r.landed = o.sequence;
        r.id = o.id;
    }

    /// The store lost everything after that sequence.
    void forgotten(std::uint64_t after) {
        for (record& r : records_) {
            if (r.landed > after || r.promised > after) {
                r.landed = r.landed > after ? 0 : r.landed;
                r.promised = r.landed;
                r.fresh = 0;
                r.unclear = true;
            }
        }
    }

    /// The process died that promised what the store's journal, which ends there, may not have yet.
    void crashed(std::uint64_t sequence, std::uint64_t lag) {
        std::uint64_t lost = 0;
        for (std::uint32_t tag = 1; tag < records_.size(); ++tag) {
            record& r = records_[tag];
            if (r.promised != 0 && r.landed == 0) {
                if (r.promised <= sequence) {
                    fail(tag, "acknowledged, and another operation is in its place");
                }
                lost += 1;
                r.promised = 0;
                r.fresh = 0;
                r.unclear = true;
            }
        }
        if (lost > lag) {
            fail("a crash loses " + std::to_string(lost) + " acknowledged operations, and the lag said " +
                 std::to_string(lag));
        }
    }
    /// The store promised that its journal has everything that was acknowledged before.
    void flushed(std::uint32_t before) {
        for (std::uint32_t tag = 1; tag <= before; ++tag) {
            if (records_[tag].promised != 0 && records_[tag].landed == 0 &&
                records_[tag].asks == records_[tag].flushes) {
                fail(tag, "flushed, and not in the journal");
            }
        }
    }
    /// From here on: what is acknowledged later is not in this flush.
    void begin_flush() {
        for (record& r : records_) {
            r.flushes = r.pending == 0 && r.promised != 0 ? r.asks : 0;
        }
    }

    [[nodiscard]] hearing ask(std::uint32_t tag) {
        record& r = records_[tag];
        r.asks += 1;
        return {.tag = tag,
                .landed = r.landed != 0 ? r.landed : r.promised,
                .unclear = r.unclear,
                .asks = r.pending++ == 0 ? r.asks : 0};
    }

    /// A call ends without an answer that anybody hears: its process died.
    void silence(const hearing& h) {
        records_[h.tag].pending -= 1;
        records_[h.tag].unclear = true;
    }

    /// The caller was told this. `durable`: whoever told it promised that the journal has it.
    void answered(const hearing& h, const receipt& told, bool durable) {
        record& r = records_[h.tag];
        r.pending -= 1;
        if (told.parts.empty()) {
            if (!h.lenient && !h.unclear &&
                (told.sequence != 0 || (h.landed == 0 && h.asks == r.asks && r.landed != 0))) {
                fail(h.tag, "a receipt without parts, and it is in the journal");
            }
            return;
        }
        if (h.lenient && r.landed != told.sequence) {
            r.unclear = true;
            return;
        }
        if (h.key_taken) {
            fail(h.tag, "a receipt under the key of another request");
        } else if (durable && r.landed != told.sequence) {
            fail(h.tag,
                 r.landed == 0 ? "acknowledged, and not in the journal" : "acknowledged at another place");
        } else if (r.promised != 0 && r.promised != told.sequence) {
            fail(h.tag, "two receipts that differ");
        } else if (told.replayed && !r.keyed && r.kind != operation_kind::reverted) {
            fail(h.tag, "a replayed receipt without a key");
        } else if (!told.replayed && !h.lenient && r.fresh++ != 0) {  // lenient: of what a failover lost
            fail(h.tag, "two receipts that each say that it is new");
        } else if (!told.replayed && h.landed != 0 && !h.unclear && !h.lenient) {
            fail(h.tag, "a receipt that says that it is new, and it was answered before");
        }
        r.promised = told.sequence;
    }

    void answered(const hearing& h, const error& told) {
        record& r = records_[h.tag];
        r.pending -= 1;
        const auto code = told.code;
        if (code == errc::unavailable) {
            r.unclear = true;
            return;
        }
        const bool injected = ((h.injected >> unsigned(code)) & 1U) != 0;
        if (told.kind() == category::fatal && code != errc::store_sealed && !injected) {
            fail(h.tag, "an error that nothing explains: " + std::string(to_text(told).view()));
        }
        if (h.lenient) {
            return;
        }
        const std::uint64_t now = r.landed != 0 ? r.landed : r.promised;
        if (h.landed == 0 && now != 0 && h.asks == r.asks && !h.unclear) {
            fail(h.tag, "refused, and it is in the journal: " + std::string(to_string(code)));
        } else if (told.kind() == category::rejected && h.landed != 0 && !injected &&
                   (r.keyed || r.kind == operation_kind::reverted)) {
            fail(h.tag, "refused, and its key has a receipt: " + std::string(to_string(code)));
        } else if (code == errc::key_conflict && !h.key_taken && r.kind != operation_kind::reverted) {
            fail(h.tag, "a key_conflict, and nobody else used the key");
        } else if (h.key_taken && told.kind() == category::rejected && code != errc::key_conflict) {
            fail(h.tag, "not told that its key was used: " + std::string(to_string(code)));
        }
    }

private:
    std::vector<record> records_{1};
    std::string what_;
};

}  // namespace simulation

#endif
