#include "engine/http/http2_fallback.hpp"

#include "engine/http/failure/http2_error.hpp"
#include "engine/http/gate/retry_policy.hpp"

namespace leat::http {

namespace {

bool says_more(Errc code) noexcept {
  return code == Errc::connect_refused || code == Errc::connect_failed || code == Errc::connect_timeout ||
         code == Errc::timeout || code == Errc::stalled || code == Errc::cancelled;
}

}  // namespace

bool Http2Fallback::takes(CURLcode code, const Transfer& transfer, Hop& hop) {
  const FailureContext context = transfer.failure_context();
  if (!context.http2 || hop.http1) return false;
  const bool repeatable = is_idempotent(hop.method);
  if (is_http_1_1_required(code, context) || (repeatable && has_broken_frames(code, context))) {
    by_http2_ = transfer.failure(code);
    hop.http1 = true;
    return true;
  }
  if (went_elsewhere_ || context.has_head) return false;
  const bool reused = !transfer.connected_anew();
  went_elsewhere_ =
      is_left_out(code, context) ? reused || !repeatable : reused && repeatable && is_lost(code);
  return went_elsewhere_;
}

Error Http2Fallback::reason(Error last) const {
  if (!by_http2_ || says_more(last.code)) return last;
  return *by_http2_;
}

}  // namespace leat::http
