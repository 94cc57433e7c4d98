// SPDX-License-Identifier: BSL-1.0
#include "client.hpp"

#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>

namespace bench {

std::unique_ptr<raw_client> open_raw(const std::string& url) {
    return url.starts_with("sqlite")       ? open_sqlite(url)
           : url.starts_with("postgresql") ? open_postgresql(url)
                                           : open_mysql(url);
}

meters read_meters(raw_client& from) {
    const auto rows = from.query(
        "SELECT current_amount, carry, total_wagered, total_contributions, version,"
        " (SELECT sequence FROM jackpot_store) FROM jackpots WHERE \"group\" = 'mega'");
    if (rows.size() != 1) {
        throw std::runtime_error("there is no pool mega");
    }
    std::int64_t values[6] = {};
    for (std::size_t i = 0; i < 6; ++i) {
        values[i] = std::stoll(rows[0][i]);
    }
    return {values[0], values[1], values[2], values[3], values[4], values[5]};
}

std::string now_text() {
    using namespace std::chrono;
    const auto now = floor<microseconds>(system_clock::now());
    const auto day = floor<days>(now);
    const year_month_day date(day);
    const hh_mm_ss time(now - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                  int(time.minutes().count()), int(time.seconds().count()), int(time.subseconds().count()));
    return text;
}

id_source::id_source() : low_(0), text_(32, '0') {
    std::random_device entropy;
    char half[17];
    std::snprintf(half, sizeof half, "%08x%08x", entropy(), entropy());
    text_.replace(0, 16, half, 16);
}

const std::string& id_source::next() {
    std::uint64_t left = ++low_;
    for (std::size_t i = 32; i-- > 16; left >>= 4) {
        text_[i] = "0123456789abcdef"[left & 15];
    }
    return text_;
}

}  // namespace bench
