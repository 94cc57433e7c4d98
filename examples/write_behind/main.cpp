// SPDX-License-Identifier: BSL-1.0

// A game loop whose jackpots answer from memory, before an SQL store that it brings them to once a frame.
//
//     write_behind URL [FRAMES]        plays, at 200 frames a second; says what cannot be lost any more
//     write_behind URL --check FILE    is everything there that the runs so far, whose output is in FILE,
//     said?
#include <jackpot/core/system.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/write_behind.hpp>
#include <jackpot/soci.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using front_type = jackpot::write_behind<jackpot::soci_storage>;
using network_type = jackpot::network<front_type>;

int refuse(const jackpot::error& e) {
    const auto text = to_text(e);
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.view().size()), text.view().data());
    return 1;
}

jackpot::expected<void> open_pools(network_type& pools) {
    struct opening {
        const char* pool;
        std::int64_t seed;
        std::int64_t rate_ppb;
    };
    for (const auto& [pool, seed, rate_ppb] :
         {opening{"minor", 100'000, 20'000'000}, opening{"mega", 10'000'000, 5'000'000}}) {
        const auto opened = pools.open(
            {.pool = pool, .configuration = {.seed = seed, .rate = jackpot::rate::from_ppb(rate_ppb)}});
        if (!opened && opened.error().code != jackpot::errc::pool_exists) {
            return tl::unexpected(opened.error());
        }
    }
    return {};
}

/// Acknowledged when the file has it.
jackpot::expected<jackpot::receipt> durable_wager(front_type& front, network_type& pools,
                                                  const jackpot::name& key) {
    if (auto durable = front.set_durable(true); !durable) {
        return tl::unexpected(durable.error());
    }
    auto receipt = pools.contribute({.game = "high-roller", .wager = 50'000, .key = key});
    if (auto behind = front.set_durable(false); !behind) {
        return tl::unexpected(behind.error());
    }
    return receipt;
}

int play(jackpot::soci_storage& file, std::uint64_t frames) {
    front_type front(file, {.lag_limit = 10'000});
    network_type pools(front, {}, {.attempts = 1});
    jackpot::system_environment world;
    const auto run = std::to_string(world.now());
    if (auto opened = open_pools(pools); !opened) {
        return refuse(opened.error());
    }
    jackpot::receipt receipt;
    for (std::uint64_t frame = 1; frame <= frames; ++frame) {
        for (int i = 0; i < 10; ++i) {
            if (auto taken = pools.contribute({.game = "slots", .wager = 2'500}, receipt); !taken) {
                return refuse(taken.error());
            }
        }
        if (frame % 4 == 0) {
            const jackpot::name key = run + "-" + std::to_string(frame);
            const auto sure = durable_wager(front, pools, key);
            if (!sure) {
                return refuse(sure.error());
            }
            std::printf("durable %s %llu\n", std::string(key.view()).c_str(),
                        static_cast<unsigned long long>(sure->sequence));
        } else if (const auto pumped = front.pump(1000); !pumped) {
            refuse(pumped.error());  // the game goes on; the next frame tries again
        } else {
            std::printf("pumped %llu\n", static_cast<unsigned long long>(receipt.sequence - pumped->left));
        }
        world.sleep(5'000);
    }
    const auto flushed = front.flush();
    return flushed ? 0 : refuse(flushed.error());
}

int check(jackpot::soci_storage& file, const char* said) {
    const auto report = jackpot::audit(file);
    if (!report) {
        return refuse(report.error());
    }
    jackpot::snapshot states;
    if (auto loaded = file.load(states); !loaded) {
        return refuse(loaded.error());
    }
    std::ifstream lines(said);
    std::uint64_t durable = 0;
    std::uint64_t lost = 0;
    std::uint64_t sequence = 0;
    jackpot::operation found;
    for (std::string what, key; lines >> what;) {
        if (what == "durable" && lines >> key >> sequence) {
            const auto held = file.find(jackpot::name(key), found);
            durable += 1;
            lost += held && *held && found.sequence == sequence ? 0 : 1;
        } else if (what == "pumped" && lines >> sequence) {
            lost += sequence <= states.head.sequence ? 0 : 1;
        }
    }
    std::printf("%llu operations, audit %s, %llu durable wagers, %llu lost\n",
                static_cast<unsigned long long>(states.head.sequence),
                report->clean() ? "clean" : "NOT CLEAN", static_cast<unsigned long long>(durable),
                static_cast<unsigned long long>(lost));
    return report->clean() && lost == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    const std::string how = count > 2 ? words[2] : "";
    if (count < 2 || count > 4 || (how == "--check") != (count == 4)) {
        std::fprintf(stderr, "usage: write_behind URL [FRAMES | --check FILE]\n");
        return 2;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    auto file = jackpot::soci_storage::open(words[1]);
    if (!file) {
        return refuse(file.error());
    }
    return how == "--check"
               ? check(*file, words[3])
               : play(*file, how.empty() ? ~std::uint64_t(0) : std::strtoull(words[2], nullptr, 10));
}
