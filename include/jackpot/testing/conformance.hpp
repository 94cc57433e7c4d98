// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_CONFORMANCE_HPP
#define JACKPOT_TESTING_CONFORMANCE_HPP

#include <jackpot/testing/laws/counting.hpp>
#include <jackpot/testing/laws/direct.hpp>
#include <jackpot/testing/laws/faithful.hpp>
#include <jackpot/testing/laws/optional.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// Checks a store against every law of `storage`, and the laws of the optional verbs that it has. It knows no
/// test framework: print the report, or hand it to yours.
///
///     auto report = check_conformance([&] { return my_storage(new_file()); },
///                                     [&] { return my_storage(that_file()); });
///
/// `make()` gives a handle to a new store without operations; the suite no longer uses handles to earlier
/// stores then. `reopen()` gives a further handle to the store that was made last, while other handles are
/// open or after all were closed. Without `reopen` the suite does not check `durable`, nor what two handles
/// see of each other. A store that keeps a limited history may begin its journal with a checkpoint.
template <class Make, class Reopen = no_reopen>
[[nodiscard]] conformance_report check_conformance(Make&& make, Reopen&& reopen = {}) {
    conformance_report report;
    trial<Make, Reopen> t(make, reopen, report);
    static_assert(storage<typename decltype(t)::storage_type>);
    detail::check_identity(t);
    detail::check_sealed(t);
    detail::check_gapless(t);
    detail::check_exact(t);
    detail::check_idempotent(t);
    detail::check_guarded(t);
    detail::check_atomic(t);
    detail::check_isolated(t);
    detail::check_durable(t);
    detail::check_read(t);
    detail::check_history(t);
    detail::check_checkpoint(t);
    detail::check_faithful(t);
    detail::check_exclusive(t);
    detail::check_rewritable(t);
    detail::check_retaining(t);
    detail::check_tracing(t);
    detail::check_direct(t);
    return report;
}

}}}  // namespace jackpot::v1::testing

#endif
