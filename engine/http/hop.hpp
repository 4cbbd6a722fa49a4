#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/message/range.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/upload_file.hpp"

namespace leat::http {

class RedirectRule;
struct TransferProgress;

/// What a hop still sends of the user's own data after the redirects before it.
struct Luggage {
  bool own = true;     // fields that are not named below, cookies of -b, and the certificate of --cert
  bool body = true;    // fields that say what the body is
  bool accept = true;  // Accept

  [[nodiscard]] bool is_all() const noexcept { return own && body && accept; }
};

/// One hop: a request to one URL and its answer, before a redirect is followed.
struct Hop {
  Hop() = default;

  Url url;  // as `sent_url` makes it
  std::string method;
  std::optional<std::string> userpwd;  // empty if there are no credentials
  const std::string* body = nullptr;
  UploadFile* upload = nullptr;                       // the file that is sent in place of a body
  const std::vector<std::string>* headers = nullptr;  // the request's own; the client's come besides
  const RangeRequest* range = nullptr;
  const Validators* known = nullptr;
  TransferProgress* progress = nullptr;     // may be null
  const RedirectRule* redirects = nullptr;  // may be null
  Luggage luggage;
  bool http1 = false;         // HTTP/1.1 is asked for, whatever other requests ask for
  bool shares = false;        // shares a connection with others by HTTP/2
  bool may_redirect = false;  // a 3xx with a Location doesn't go to the sink
  bool fresh = false;         // must not use a connection that was used before
  bool kept = false;          // a kept connection should be there; if it is gone, ResendGate is asked
  bool tested = false;  // if it uses a kept connection, this must have been idle for KeepAliveTrust::kIdle
  async::Duration timeout{0};  // for this hop
};

}  // namespace leat::http
