#include "engine/http/failure/http2_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace leat::http {

namespace {

enum Http2Code : int {  // RFC 9113 section 7
  kNone = -1,
  kProtocolError = 1,
  kFlowControlError = 3,
  kFrameSizeError = 6,
  kCompressionError = 9,
  kHttp11Required = 13,
};

// libcurl's texts are "… was not closed cleanly: PROTOCOL_ERROR (err 1)" and "shuts down connection with
// error 9: …", in later versions "(error 0x1 …)".
int http2_code(const FailureContext& context) noexcept {
  const std::string_view text = context.text;
  for (const std::string_view before : {"(err ", "with error ", "(error 0x"}) {
    const auto at = text.rfind(before);
    if (at == std::string_view::npos) continue;
    int code = kNone;
    std::from_chars(text.data() + at + before.size(), text.data() + text.size(), code,
                    before.ends_with('x') ? 16 : 10);
    return code;
  }
  return text.starts_with("Invalid HTTP header field") ? kProtocolError : kNone;
}

bool is_fault_of_answer(int code) noexcept {
  return code == kProtocolError || code == kFlowControlError || code == kFrameSizeError ||
         code == kCompressionError;
}

}  // namespace

bool is_http_1_1_required(CURLcode code, const FailureContext& context) noexcept {
  return code == CURLE_HTTP2_STREAM && http2_code(context) == kHttp11Required;
}

bool has_broken_frames(CURLcode code, const FailureContext& context) noexcept {
  if (!context.http2 || context.has_head) return false;
  if (code == CURLE_GOT_NOTHING) return true;
  if (code != CURLE_RECV_ERROR && code != CURLE_HTTP2) return false;
  constexpr std::array<std::string_view, 3> kTexts{"nghttp2_session_mem_recv", "nghttp2 recv error",
                                                   "nghttp2 shuts down connection"};
  return std::any_of(kTexts.begin(), kTexts.end(), [&context](std::string_view text) {
    return context.text.find(text) != std::string::npos;
  });
}

bool is_left_out(CURLcode code, const FailureContext& context) noexcept {
  return context.http2 && !context.has_head && code == CURLE_HTTP2 && context.text.empty();
}

Error left_out_error() { return Error(Errc::reset, "the server closed the HTTP/2 connection (GOAWAY)"); }

bool is_lost(CURLcode code) noexcept {
  return code == CURLE_PARTIAL_FILE || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
         code == CURLE_HTTP2;
}

std::optional<Error> http2_error_of(CURLcode code, const FailureContext& context) {
  if (has_broken_frames(code, context)) {
    const int named = http2_code(context);
    if (is_fault_of_answer(named) && named != kCompressionError) {
      return Error(Errc::bad_response, "the response is malformed: " + context.text);
    }
    // A status is the first thing of a head, so without one no field of it was too large.
    if (context.text.find("-904") != std::string::npos) {
      return Error(Errc::bad_response, "the server floods the HTTP/2 connection: " + context.text);
    }
    if (!context.has_status && code == CURLE_GOT_NOTHING) {
      return Error(Errc::bad_response,
                   "HTTP/2 ended before an answer came, because its frames can't be read");
    }
    return Error(
        Errc::header_too_large,
        "HTTP/2 ended before the response's head: a field of it is over 64 KiB, or all are over 128 KiB, "
        "or its frames can't be read");
  }
  if (is_left_out(code, context)) return left_out_error();
  if (code == CURLE_PARTIAL_FILE && context.http2 && !context.has_head) {
    return Error(Errc::reset, "the connection was closed before an answer came");
  }
  if (code != CURLE_HTTP2_STREAM || !is_fault_of_answer(http2_code(context))) return std::nullopt;
  if (context.lacks_body) return Error(Errc::truncated, "the body is shorter than its content-length");
  return Error(Errc::bad_response, "the response is malformed: " + context.text);
}

}  // namespace leat::http
