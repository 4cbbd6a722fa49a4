#pragma once

#include <optional>

#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// Says what ended a transfer by HTTP/2 where libcurl's code does not say it: one of the error codes of RFC
/// 9113 section 7, which stand in its text, or something that 7.88 has no text for. Gives nothing if the code
/// says it.
[[nodiscard]] std::optional<Error> http2_error_of(CURLcode code, const FailureContext& context);

/// Says whether the server wants HTTP/1.1 for this request (HTTP_1_1_REQUIRED) and has not carried it out.
[[nodiscard]] bool is_http_1_1_required(CURLcode code, const FailureContext& context) noexcept;

/// Says whether the connection ended before anything of the answer had come, because of a fault in its
/// frames. These may belong to another answer or to this one; a field of the head that HTTP/2's library
/// refuses to hold (64 KiB in nghttp2) is such a fault.
[[nodiscard]] bool has_broken_frames(CURLcode code, const FailureContext& context) noexcept;

/// Says whether the server has closed the connection by a GOAWAY that leaves this request out, so that it has
/// not carried it out.
[[nodiscard]] bool is_left_out(CURLcode code, const FailureContext& context) noexcept;

/// Says so of such a request.
[[nodiscard]] Error left_out_error();

/// Says whether this code means that a connection is lost.
[[nodiscard]] bool is_lost(CURLcode code) noexcept;

}  // namespace leat::http
