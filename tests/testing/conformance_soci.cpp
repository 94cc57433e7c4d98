// SPDX-License-Identifier: BSL-1.0
#include "../soci/engines.hpp"
#include "../wide.hpp"

#include <jackpot/testing/concurrency.hpp>
#include <jackpot/testing/conformance.hpp>

using namespace jackpot;

namespace {

/// New stores on an engine, one after the other.
template <class Amount>
class stores {
public:
    explicit stores(std::string engine) : engine_(std::move(engine)) {}

    basic_soci_storage<Amount> make() {
        places_.push_back(std::make_unique<test::place>(engine_));
        return reopen();
    }
    basic_soci_storage<Amount> reopen() {
        auto opened = basic_soci_storage<Amount>::open(places_.back()->url());
        if (!opened) {
            FAIL(std::string(to_text(opened.error()).view()));
        }
        return std::move(*opened);
    }

private:
    std::string engine_;
    std::vector<std::unique_ptr<test::place>> places_;
};

}  // namespace

TEST_CASE_TEMPLATE("the stores of all engines keep the laws", Amount, std::int64_t, wide_amount) {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        stores<Amount> on(engine);
        const auto report =
            testing::check_conformance([&] { return on.make(); }, [&] { return on.reopen(); });
        CHECK(to_text(report) == "");
    }
}

TEST_CASE("two threads share a store on every engine") {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        stores<std::int64_t> on(engine);
        auto first = on.make();
        auto second = on.reopen();
        CHECK(to_text(testing::check_concurrency(first, second)) == "");
    }
}
