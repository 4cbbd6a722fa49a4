#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/message/url.hpp"

namespace leat::http {

struct RangeRequest;
class RedirectRule;
struct TransferProgress;
struct Validators;

/// When a request was made, as results show it. It is kept with a recorded exchange and given back when that
/// is replayed.
struct RequestTimes {
  RequestTimes() = default;

  std::chrono::system_clock::time_point started_at{};
  async::Duration waited{0};  // time before it started
  async::Duration took{0};    // from its start to its end; set when it is recorded or replayed
  int attempt = 1;            // number of the attempt for its record, from 1
  std::uint64_t maker = 0;    // tells the records and stages of a run apart; 0: unknown
};

/// One request, as a user asks for it. What all requests of a run share is in ClientOptions.
struct Request {
  Request() = default;
  explicit Request(std::string u) : url(std::move(u)) {}

  /// Gives the method that it is sent with.
  [[nodiscard]] std::string_view effective_method() const noexcept {
    if (!method.empty()) return method;
    if (!upload.empty()) return "PUT";
    return body ? "POST" : "GET";
  }

  Url url;
  // The origin (as Url gives it) that the user's own data is for: credentials, cookies, fields and the
  // client's certificate. None of it goes elsewhere unless ClientOptions say so. If it is empty, it is that
  // of `url`: a URL that the user wrote, and not one that a server named.
  std::string own_origin;
  std::string method;                // if empty: GET, POST with a body, PUT with an upload
  std::vector<std::string> headers;  // "Name: value", checked by `check_header`
  std::optional<std::string> body;
  std::string upload;  // a file that is sent as the body; empty if there is none
  // The sender of the request sets it; when the exchange is replayed, the recorded times stand here
  // afterwards. Null if nobody wants to know. Outlives the transfer.
  RequestTimes* times = nullptr;
  // Is told, on the transfer's thread, when the transfer is connected and when a head has come. Null if
  // nobody wants to know. Outlives the transfer.
  TransferProgress* progress = nullptr;
  // The part of the body that is wanted; Range and If-Range ask for it, wherever redirects lead. Null means
  // all of it. Outlives the transfer.
  const RangeRequest* range = nullptr;
  // The version that is known already and is not to be sent again (If-None-Match, If-Modified-Since). Null if
  // there is none. Outlives the transfer.
  const Validators* known = nullptr;
  // Which redirects may be followed; null means all that ClientOptions allow.
  std::shared_ptr<const RedirectRule> redirects;
};

}  // namespace leat::http
