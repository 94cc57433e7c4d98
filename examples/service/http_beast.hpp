// SPDX-License-Identifier: BSL-1.0
#ifndef SERVICE_HTTP_BEAST_HPP
#define SERVICE_HTTP_BEAST_HPP

// What of Asio and Beast has a name of ours. http.cpp alone includes this.
#include "http.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace service {

namespace asio = boost::asio;
namespace beast = boost::beast;
// Of TCP and of files, with an executor that nothing is allocated for.
using socket_type =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;
using parser_type = beast::http::request_parser<beast::http::string_body>;

/// The word behind a status.
inline std::string_view reason_of(int status) {
    const auto reason = beast::http::obsolete_reason(static_cast<beast::http::status>(status));
    return {reason.data(), reason.size()};
}

inline void copy_head(const parser_type::value_type& head, request& to) {
    to.method = std::string(head.method_string());
    to.target = std::string(head.target());
    for (const auto& f : head) {
        std::string name(f.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        to.fields.push_back({std::move(name), std::string(f.value())});
    }
}

}  // namespace service

#endif
