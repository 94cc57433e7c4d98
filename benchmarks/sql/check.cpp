// SPDX-License-Identifier: BSL-1.0
#include "run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::uint64_t fnv_basis = 0xcbf29ce484222325U;

std::uint64_t fnv(std::uint64_t sum, const std::string& text) {
    for (const char c : text) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return sum;
}

std::string joined(const std::vector<std::string>& row, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += row[i] + "|";
    }
    return text;
}

void expect(bool well, const std::string& what) {
    if (!well) {
        throw std::runtime_error("value check: " + what);
    }
}

template <class T>
void expect_equal(const T& found, const T& wanted, const std::string& what) {
    expect(found == wanted, what + " is " + std::to_string(found) + ", not " + std::to_string(wanted));
}

}  // namespace

std::uint64_t check(const std::string& url, const counts& told) {
    const auto by = open_raw(url);
    meters wanted;
    std::uint64_t found_sum = fnv_basis;
    std::uint64_t wanted_sum = fnv_basis;
    std::string first_wrong;
    std::uint64_t rows_found = 0;
    std::int64_t amount_found = 0;
    std::string last = "1";
    std::string last_at;
    std::vector<std::uint64_t> ids;
    for (std::size_t size = 1; size != 0;) {
        const auto rows = by->query(
            "SELECT sequence, part, kind, game, player, amount, \"group\", version, current_amount,"
            " overflow, carry, to_pool, to_overflow, forgone, id, at FROM jackpot_journal WHERE sequence > " +
            last + " ORDER BY sequence, part LIMIT 20000");
        size = rows.size();
        for (const auto& row : rows) {
            ++rows_found;
            last = row[0];
            const std::int64_t amount = std::stoll(row[5]);
            amount_found += amount;
            const std::string credit = std::to_string(wanted.take(amount));
            const std::string text = joined(row, 14);
            const std::string right =
                joined({std::to_string(wanted.sequence), "0", "contributed", "slots", "alice",
                        std::to_string(amount), "mega", std::to_string(wanted.version),
                        std::to_string(wanted.current), "0", std::to_string(wanted.carry), credit, "0", "0"},
                       14);
            if (text != right && first_wrong.empty()) {
                first_wrong = "; the first other row is " + text + ", not " + right;
            }
            found_sum = fnv(found_sum, text);
            wanted_sum = fnv(wanted_sum, right);
            expect(row[14].size() == 32, "an operation without an id");
            ids.push_back(fnv(fnv_basis, row[14]));
            expect(row[15] >= last_at, "time goes back in the journal");
            last_at = row[15];
        }
    }
    expect_equal(rows_found, told.wagers, "the count of wagers in the journal");
    expect_equal(amount_found, told.amount, "the sum of their amounts");
    expect(found_sum == wanted_sum, "the checksum of the journal" + first_wrong);
    std::sort(ids.begin(), ids.end());
    expect(std::adjacent_find(ids.begin(), ids.end()) == ids.end(), "an id that two operations have");

    const meters now = read_meters(*by);
    expect_equal(now.sequence, wanted.sequence, "the store's sequence");
    expect_equal(now.version, wanted.version, "the pool's version");
    expect_equal(now.current, wanted.current, "the pool's amount");
    expect_equal(now.carry, wanted.carry, "the pool's carry");
    expect_equal(now.total_wagered, wanted.total_wagered, "the pool's total_wagered");
    expect_equal(now.total_contributions, wanted.total_contributions, "the pool's total_contributions");
    const auto times = by->query(
        "SELECT p.last_modified_at, s.newest_at, p.sequence, s.sequence FROM jackpots p, jackpot_store s");
    expect(times[0][0] == times[0][1] && times[0][2] == times[0][3] &&
               (last_at.empty() || last_at == times[0][1]),
           "the pool's, the store's and the journal's newest moment differ");
    return found_sum;
}

double fdatasync_rate(const std::string& folder) {
    const std::string file = folder + "/fdatasync";
    const int to = ::open(file.c_str(), O_RDWR | O_CREAT, 0600);
    const std::vector<char> block(8192, 'x');
    const auto write = [&] {
        const auto size = static_cast<ssize_t>(block.size());
        if (to < 0 || ::pwrite(to, block.data(), block.size(), 0) != size || ::fdatasync(to) != 0) {
            throw std::runtime_error(file + " cannot be written");
        }
    };
    write();
    using namespace std::chrono;
    const auto start = steady_clock::now();
    int count = 0;
    for (; steady_clock::now() - start < 1s; ++count) {
        write();
    }
    const double seconds = duration<double>(steady_clock::now() - start).count();
    ::close(to);
    ::unlink(file.c_str());
    return count / seconds;
}

}  // namespace bench
