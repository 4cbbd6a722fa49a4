#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/message/range.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/upload_file.hpp"

namespace leat::http {

struct TransferProgress;

/// Which of the user's own fields a hop still sends after the redirects before it.
struct Luggage {
  bool own = true;     // fields that are not named below, cookies of -b, the certificate of --cert
  bool body = true;    // fields that say what the body is
  bool accept = true;  // Accept

  [[nodiscard]] bool is_all() const noexcept { return own && body && accept; }
};

/// One hop: a request to one URL and its answer, before any redirect is followed.
struct Hop {
  Hop() = default;

  std::string url;  // as `sent_url` makes it
  std::string method;
  std::optional<std::string> userpwd;  // empty: no credentials
  const std::string* body = nullptr;
  UploadFile* upload = nullptr;                       // in place of a body
  const std::vector<std::string>* headers = nullptr;  // the request's own, besides the client's
  const RangeRequest* range = nullptr;
  const Validators* known = nullptr;
  TransferProgress* progress = nullptr;  // may be null
  Luggage luggage;
  bool http1 = false;          // HTTP/1.1 is asked for, whatever all others ask for
  bool shares = false;         // it shares a connection with others, by HTTP/2
  bool may_redirect = false;   // a 3xx with a Location is not for the sink
  bool fresh = false;          // no connection that was used before may carry it
  bool kept = false;           // a kept connection should be there; if it is gone, ResendGate is asked
  bool tested = false;         // only a connection that was idle for KeepAliveTrust::kIdle may be reused
  async::Duration timeout{0};  // of this hop
};

}  // namespace leat::http
