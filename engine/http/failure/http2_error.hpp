#pragma once

#include <optional>

#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// What ended a transfer by HTTP/2, where libcurl's code does not say it: the error codes of RFC 9113 section
/// 7, which stand in its text, and what 7.88 has no text for. Nothing: the code says it.
[[nodiscard]] std::optional<Error> http2_error_of(CURLcode code, const FailureContext& context);

/// The server wants HTTP/1.1 for this request (HTTP_1_1_REQUIRED), which it has not carried out.
[[nodiscard]] bool is_http_1_1_required(CURLcode code, const FailureContext& context) noexcept;

/// The connection ended before anything of the answer had come, for a fault in its frames: those of another
/// answer, or of this one, such as a field of the head that HTTP/2's library refuses to hold (64 KiB in
/// nghttp2).
[[nodiscard]] bool has_broken_frames(CURLcode code, const FailureContext& context) noexcept;

/// The server has closed the connection by a GOAWAY that leaves this request out, so has not carried it out.
[[nodiscard]] bool is_left_out(CURLcode code, const FailureContext& context) noexcept;

/// A code by which a connection is lost.
[[nodiscard]] bool is_lost(CURLcode code) noexcept;

}  // namespace leat::http
