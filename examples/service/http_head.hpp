// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_HEAD_HPP
#define SERVICE_HTTP_HEAD_HPP

#include "http.hpp"

// The checks of a request's head that Beast leaves out, all against texts that two servers in a row could
// read in two ways: line ends other than CRLF, folded lines, lengths twice or beside chunks, two hosts.

namespace service {

/// What the first bytes of a connection's next request show.
struct head_progress {
    std::size_t size = 0;      ///< of the whole head; 0 where more is to come
    std::string_view wrong{};  ///< a problem's code, where no more needs to come
};

/// Looks at the bytes that are there so far. It needs no state: a head is short.
[[nodiscard]] head_progress look_at_head(std::string_view bytes, const http_options& limits);

/// Checks the fields of a head that was read; `minor` is that of HTTP/1.x. Returns a problem's code, or
/// nothing.
[[nodiscard]] std::string_view check_fields(const request& r, int minor);

}  // namespace service

#endif
