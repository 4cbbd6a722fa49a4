#pragma once

#include <optional>

#include "engine/error.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

/// Sends a request again, uncounted, that HTTP/2 itself has lost, since HTTP/1.1 would not have lost it; for
/// the hops of one request.
///
/// Once over another connection: what a GOAWAY left out, which the server has not carried out, and what a
/// connection that was used before lost without an answer, where the method is idempotent. Once by HTTP/1.1:
/// what the server wants so, and what broken frames took along, those of this answer or of another one on the
/// same connection.
class Http2Fallback {
 public:
  Http2Fallback() = default;

  /// Whether the hop that failed with that code runs again; `hop` says then how.
  [[nodiscard]] bool takes(CURLcode code, const Transfer& transfer, Hop& hop);

  /// Why the request failed, if its last run failed so: by HTTP/1.1 it is told why it came to that.
  [[nodiscard]] Error reason(Error last) const;

 private:
  std::optional<Error> by_http2_;
  bool went_elsewhere_ = false;
};

}  // namespace leat::http
