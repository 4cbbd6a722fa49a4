#pragma once

#include <optional>

#include "engine/error.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

/// Sends a request that HTTP/2 itself has lost once more, without counting that as a retry, because HTTP/1.1
/// would not have lost it. There is one for the hops of one request.
///
/// A request goes once over another connection if a GOAWAY left it out, so that the server has not carried it
/// out, or if its connection had been used before and was lost without an answer, and the method is
/// idempotent. It goes once by HTTP/1.1 if the server wants that, or if broken frames took it along, whether
/// these belonged to its own answer or to another one on the same connection.
class Http2Fallback {
 public:
  Http2Fallback() = default;

  /// Says whether the hop that failed with that code runs again; if so, `hop` is changed to say how.
  [[nodiscard]] bool takes(CURLcode code, const Transfer& transfer, Hop& hop);

  /// Says why the request failed, given the error of its last run. If that ran by HTTP/1.1, this is the
  /// reason why it had to.
  [[nodiscard]] Error reason(Error last) const;

 private:
  std::optional<Error> by_http2_;
  bool went_elsewhere_ = false;
};

}  // namespace leat::http
