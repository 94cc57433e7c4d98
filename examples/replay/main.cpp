// SPDX-License-Identifier: BSL-1.0
//
// Runs commands from standard input on a store, and prints the receipts: one JSON object a line, each.
// Says on standard error why a command was refused. Exit codes: 0 done, 1 the store failed, 2 usage.
#include "receipts.hpp"
#include "requests.hpp"
#include "through_async.hpp"

#include <jackpot/jackpot.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/wide.hpp>
#ifdef REPLAY_WITH_SOCI
#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>
#endif

#include <charconv>
#include <cstdlib>
#include <iostream>

#ifdef BOOST_NO_EXCEPTIONS
// Boost asks the program for these. The library never lets a wide amount reach what would throw.
void boost::throw_exception(const std::exception&) {
    std::abort();
}
void boost::throw_exception(const std::exception&, const boost::source_location&) {
    std::abort();
}
#endif

namespace replay {

constexpr std::string_view usage =
    "usage: replay [--store memory | URL] [--wide] [--group | --async] [--seed N]\n"
    "  --store  where the pools are; what is there is continued (default: memory). URLs: sqlite://FILE,\n"
    "           postgresql://[user[:password]@][host[:port]]/database, mysql:// likewise\n"
    "  --wide   256-bit amounts instead of 64-bit\n"
    "  --group  through a network that threads could share, with group commit\n"
    "  --async  through a network for event loops, which pumps after each command\n"
    "  --seed   time and ids from this seed: the run can be repeated byte for byte\n"
    "JACKPOT_CONNECTION_POOL_SIZE is how many connections a database may have open (1)\n";

constexpr const char* pool_size_variable = "JACKPOT_CONNECTION_POOL_SIZE";

struct options {
    std::string store = "memory";
    std::uint32_t connections = 1;
    bool wide = false;
    bool group = false;
    bool async = false;
    std::optional<std::uint64_t> seed;
};

/// The operations of R13 to R15; none for any other.
template <class Network>
std::optional<jackpot::expected<json>> run_later(Network& network, std::string_view op,
                                                 const fields<typename Network::amount_type>& in) {
    using amount_type = typename Network::amount_type;
    using receipt = jackpot::basic_receipt<amount_type>;
    const auto key = in.optional_text("key");
    const auto hold = in.text("hold");
    if (op == "hold") {
        return network
            .hold({in.text("pool"), in.text("game"), in.text("player"), in.amount("amount", 0), hold,
                   in.optional_text("round"), in.optional_text("site"), key})
            .map([&](const receipt& r) { return held(hold, r); });
    }
    if (op == "confirm") {
        return network.confirm({in.text("pool"), hold, in.text("actor"), in.optional_text("reason"), key})
            .map([&](const receipt& r) { return confirmed(hold, r); });
    }
    if (op == "release") {
        return network.release({in.text("pool"), hold, in.text("actor"), in.text("reason"), key})
            .map([&](const receipt& r) { return released(hold, r); });
    }
    if (op == "transfer") {
        const jackpot::basic_transfer_request<amount_type> asked{
            in.text("from"),  in.text("to"),     in.amount("amount", 0).value_or(0),
            in.text("actor"), in.text("reason"), key};
        return network.transfer(asked).map([&](const receipt& r) { return transferred(asked, r); });
    }
    if (op == "close") {
        const auto pool = in.text("pool");
        return network
            .close({pool, in.optional_text("to"), in.amount("to_house", -1).value_or(0), in.text("actor"),
                    in.text("reason"), key})
            .map([&](const receipt& r) { return closed(pool, r); });
    }
    if (op == "revert") {
        return network
            .revert({.reverts = in.text("reverts"),
                     .actor = in.text("actor"),
                     .reason = in.text("reason"),
                     .key = key})
            .map(reverted<amount_type>);
    }
    return std::nullopt;
}

template <class Network>
jackpot::expected<json> run(Network& network, const command& members) {
    using amount_type = typename Network::amount_type;
    const fields<amount_type> in(members);
    const jackpot::name op_text = in.text("op");
    const std::string_view op = op_text;
    const auto key = in.optional_text("key");
    const auto actor = in.optional_text("actor");
    const auto reason = in.optional_text("reason");
    const auto round = in.optional_text("round");
    const auto site = in.optional_text("site");
    if (op == "open") {
        return network.open({in.text("pool"), in.configuration(), actor, reason, key})
            .map(changed<amount_type>);
    }
    if (op == "contribute") {
        return network
            .contribute({in.text("game"), in.amount("wager", 0).value_or(0),
                         in.template list<jackpot::name_list>("pools"), in.optional_text("player"), round,
                         site, key})
            .map(contributed<amount_type>);
    }
    if (op == "win") {
        return network
            .win({in.text("pool"), in.text("game"), in.text("player"), in.amount("amount", 0), round, site,
                  key})
            .map(won<amount_type>);
    }
    if (op == "configure") {
        const auto when = in.word("when", jackpot::parse_when).value_or(jackpot::when::now);
        return network.configure({in.text("pool"), when, in.patch(), actor, reason, key})
            .map(changed<amount_type>);
    }
    if (op == "adjust") {
        return network
            .adjust({in.text("pool"), in.amount("delta", 0).value_or(0), in.text("actor"), in.text("reason"),
                     key})
            .map(adjusted<amount_type>);
    }
    if (op == "suspend") {
        return network.suspend({in.text("pool"), actor, reason, key}).map(changed<amount_type>);
    }
    if (op == "resume") {
        return network.resume({in.text("pool"), actor, reason, key}).map(changed<amount_type>);
    }
    if (auto done = run_later(network, op, in)) {
        return *std::move(done);
    }
    if (op == "pool") {
        return network.pool(in.text("pool")).map([](const auto& pool) {
            return json{{"ok", true}, {"state", to_json(pool)}};
        });
    }
    if (op == "pools") {
        return network.pools().map([](const auto& pools) {
            json list = json::array();
            for (const auto& pool : pools) {
                list.push_back(to_json(pool));
            }
            return json{{"ok", true}, {"pools", std::move(list)}};
        });
    }
    if (op == "statistics") {
        return network.statistics().map([](const auto& sums) { return to_json(sums); });
    }
    return jackpot::fail(jackpot::errc::invalid_operation, "op", op);
}

/// The error, with the field that it names as the command has it: what was checked may be a stand-in.
jackpot::error as_written(jackpot::error e, const command& members) {
    jackpot::basic_text<240> detail = e.detail.view().substr(0, e.detail.view().find(':'));
    const bool syntax =
        (e.code < jackpot::errc::unknown_pool && e.code != jackpot::errc::empty_configuration) ||
        (e.code >= jackpot::errc::invalid_max_wager && e.code <= jackpot::errc::invalid_to);
    if (const auto found = members.find(detail.view()); found != members.end()) {
        e.detail = detail.append(": ").append(found->second.written);
    } else if (syntax) {
        e.detail = detail.append(": missing");
    }
    return e;
}

template <class Network>
int replay(Network&& network) {
    std::string line;
    for (std::uint64_t number = 1; std::getline(std::cin, line); ++number) {
        const auto members = parse_command(std::move(line));
        auto receipt = members
                           ? run(network, *members)
                           : jackpot::fail(jackpot::errc::invalid_operation, "the line is no JSON object");
        if (!receipt) {
            const auto e = members ? as_written(receipt.error(), *members) : receipt.error();
            std::cerr << "line " << number << ": " << to_text(e).view() << '\n';
        }
        const auto printed =
            receipt ? *receipt : json{{"ok", false}, {"error", std::string(to_string(receipt.error().code))}};
        std::cout << printed.dump() << std::endl;
        if (!receipt && receipt.error().kind() != jackpot::category::rejected) {
            return 1;
        }
        if (!std::cout) {
            std::cerr << "replay: standard output cannot be written\n";
            return 1;
        }
    }
    return 0;
}

template <jackpot::storage Storage>
int replay(Storage& store, const options& o, const jackpot::seeded_environment& world) {
    using environment = jackpot::seeded_environment;
    if (o.async) {
        return replay(
            jackpot::network<Storage, environment, jackpot::no_observer, through_async<Storage, environment>>(
                store, world));
    }
    return o.group ? replay(jackpot::shared_network<Storage, environment>(store, world))
                   : replay(jackpot::network<Storage, environment>(store, world));
}

template <jackpot::amount Amount>
int replay([[maybe_unused]] const options& o, const jackpot::seeded_environment& world) {
    if (o.store != "memory") {
#ifdef REPLAY_WITH_SOCI
        auto store = jackpot::basic_soci_storage<Amount>::open(o.store, jackpot::open_mode::create,
                                                               {.count = o.connections});
        if (store) {
            return replay(*store, o, world);
        }
        const jackpot::error e = store.error();
#else
        const jackpot::error e{jackpot::errc::unsupported, std::string_view("this build has no SQL stores")};
#endif
        // The URL itself may hold a password.
        std::cerr << "replay: --store: " << to_text(e).view() << '\n';
        return e.code == jackpot::errc::unsupported ? 2 : 1;
    }
    jackpot::memory_storage<Amount> store;
    return replay(store, o, world);
}

/// What is wrong with the command line, naming flag and value; nothing where it is sound.
std::string parse_options(const std::vector<std::string>& arguments, options& o) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& flag = arguments[i];
        if (flag == "--wide" || flag == "--group" || flag == "--async") {
            (flag == "--wide" ? o.wide : flag == "--group" ? o.group : o.async) = true;
            if (o.group && o.async) {
                return "--group and --async: one network is wanted";
            }
            continue;
        }
        if (flag != "--store" && flag != "--seed") {
            return "unknown argument: " + flag;
        }
        if (++i == arguments.size()) {
            return flag + " needs a value";
        }
        const std::string& value = arguments[i];
        if (flag == "--store") {
            o.store = value;
        } else {
            const auto end = value.data() + value.size();
            const auto [stop, failed] = std::from_chars(value.data(), end, o.seed.emplace());
            if (failed != std::errc() || stop != end) {
                return "--seed " + value + ": a seed is a whole number from 0 to 18446744073709551615";
            }
        }
    }
    if (const char* size = std::getenv(pool_size_variable)) {
        const auto end = size + std::char_traits<char>::length(size);
        const auto [stop, failed] = std::from_chars(size, end, o.connections);
        if (failed != std::errc() || stop != end || o.connections < 1 || o.connections > 1000) {
            return std::string(pool_size_variable) + "=" + size + ": a whole number from 1 to 1000 is wanted";
        }
    }
    return {};
}

}  // namespace replay

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments == std::vector<std::string>{"--help"}) {
        std::cout << replay::usage;
        return 0;
    }
    replay::options o;
    if (const auto wrong = replay::parse_options(arguments, o); !wrong.empty()) {
        std::cerr << "replay: " << wrong << '\n' << replay::usage;
        return 2;
    }
    // Unless asked for, no two runs share ids: they may well run on one store at the same time.
    jackpot::system_environment system;
    const auto world = o.seed ? jackpot::seeded_environment(*o.seed)
                              : jackpot::seeded_environment(system.random(), system.now());
    return o.wide ? replay::replay<jackpot::wide_amount>(o, world) : replay::replay<std::int64_t>(o, world);
}
