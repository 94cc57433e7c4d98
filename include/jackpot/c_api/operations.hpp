// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_C_API_OPERATIONS_HPP
#define JACKPOT_C_API_OPERATIONS_HPP

#include <jackpot/c_api/calls.hpp>

// The operations of c_api.h, at once and submitted. c_api.cpp alone includes this: these are no inline
// functions.

extern "C" {

jackpot_status jackpot_contribute(jackpot_network* network, const jackpot_contribute_request* request,
                                  jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    using namespace jackpot::detail;
    return operate(network, request, receipt, [](jackpot_network& n, const jackpot_contribute_request& r) {
        return to_request(r, n.wager).and_then([&] { return n.contribute(n.wager, n.receipt); });
    });
}

jackpot_status jackpot_submit_contribute(jackpot_network* network, const jackpot_contribute_request* request,
                                         jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::contribute_request>(network, request, submission);
}

jackpot_status jackpot_open(jackpot_network* network, const jackpot_open_request* request,
                            jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::open_request>(network, request, receipt);
}

jackpot_status jackpot_submit_open(jackpot_network* network, const jackpot_open_request* request,
                                   jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::open_request>(network, request, submission);
}

jackpot_status jackpot_win(jackpot_network* network, const jackpot_win_request* request,
                           jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::win_request>(network, request, receipt);
}

jackpot_status jackpot_submit_win(jackpot_network* network, const jackpot_win_request* request,
                                  jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::win_request>(network, request, submission);
}

jackpot_status jackpot_configure(jackpot_network* network, const jackpot_configure_request* request,
                                 jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::configure_request>(network, request, receipt);
}

jackpot_status jackpot_submit_configure(jackpot_network* network, const jackpot_configure_request* request,
                                        jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::configure_request>(network, request, submission);
}

jackpot_status jackpot_adjust(jackpot_network* network, const jackpot_adjust_request* request,
                              jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::adjust_request>(network, request, receipt);
}

jackpot_status jackpot_submit_adjust(jackpot_network* network, const jackpot_adjust_request* request,
                                     jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::adjust_request>(network, request, submission);
}

jackpot_status jackpot_suspend(jackpot_network* network, const jackpot_status_request* request,
                               jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::suspend_request>(network, request, receipt);
}

jackpot_status jackpot_submit_suspend(jackpot_network* network, const jackpot_status_request* request,
                                      jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::suspend_request>(network, request, submission);
}

jackpot_status jackpot_resume(jackpot_network* network, const jackpot_status_request* request,
                              jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::resume_request>(network, request, receipt);
}

jackpot_status jackpot_submit_resume(jackpot_network* network, const jackpot_status_request* request,
                                     jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::resume_request>(network, request, submission);
}

jackpot_status jackpot_hold(jackpot_network* network, const jackpot_hold_request* request,
                            jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::hold_request>(network, request, receipt);
}

jackpot_status jackpot_submit_hold(jackpot_network* network, const jackpot_hold_request* request,
                                   jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::hold_request>(network, request, submission);
}

jackpot_status jackpot_confirm(jackpot_network* network, const jackpot_settle_request* request,
                               jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::confirm_request>(network, request, receipt);
}

jackpot_status jackpot_submit_confirm(jackpot_network* network, const jackpot_settle_request* request,
                                      jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::confirm_request>(network, request, submission);
}

jackpot_status jackpot_release(jackpot_network* network, const jackpot_settle_request* request,
                               jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::release_request>(network, request, receipt);
}

jackpot_status jackpot_submit_release(jackpot_network* network, const jackpot_settle_request* request,
                                      jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::release_request>(network, request, submission);
}

jackpot_status jackpot_transfer(jackpot_network* network, const jackpot_transfer_request* request,
                                jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::transfer_request>(network, request, receipt);
}

jackpot_status jackpot_submit_transfer(jackpot_network* network, const jackpot_transfer_request* request,
                                       jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::transfer_request>(network, request, submission);
}

jackpot_status jackpot_close_pool(jackpot_network* network, const jackpot_close_request* request,
                                  jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::close_request>(network, request, receipt);
}

jackpot_status jackpot_submit_close_pool(jackpot_network* network, const jackpot_close_request* request,
                                         jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::close_request>(network, request, submission);
}

jackpot_status jackpot_revert(jackpot_network* network, const jackpot_revert_request* request,
                              jackpot_receipt* receipt) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit<jackpot::revert_request>(network, request, receipt);
}

jackpot_status jackpot_submit_revert(jackpot_network* network, const jackpot_revert_request* request,
                                     jackpot_submission* submission) JACKPOT_NOEXCEPT {
    return jackpot::detail::submit_later<jackpot::revert_request>(network, request, submission);
}

}  // extern "C"

#endif
