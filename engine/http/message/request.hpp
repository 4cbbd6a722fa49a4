#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"

namespace leat::http {

struct RangeRequest;
struct TransferProgress;
struct Validators;

/// When a request was made, as results tell it. Kept with a recorded exchange, and given back with it.
struct RequestTimes {
  RequestTimes() = default;

  std::chrono::system_clock::time_point started_at{};
  async::Duration waited{0};  // until then
  async::Duration took{0};    // from then to its end; where it is recorded or replayed
  int attempt = 1;            // the how-manieth of its record
  std::uint64_t maker = 0;    // tells the records and stages of a run apart; 0: unknown
};

/// One request, as a user says it. What all requests of a run share is in ClientOptions.
struct Request {
  Request() = default;
  explicit Request(std::string u) : url(std::move(u)) {}

  /// The method that it is sent with.
  [[nodiscard]] std::string_view effective_method() const noexcept {
    if (!method.empty()) return method;
    if (!upload.empty()) return "PUT";
    return body ? "POST" : "GET";
  }

  std::string url;
  std::string method;                // empty: GET, or POST with a body, or PUT with an upload
  std::vector<std::string> headers;  // "Name: value", checked by `check_header`
  std::optional<std::string> body;
  std::string upload;  // a file that is sent as the body; empty: none
  // Said by whoever sends it; where the exchange is replayed, what was said then stands here afterwards.
  // Null: nobody wants to know. Outlives the transfer.
  RequestTimes* times = nullptr;
  // Told, on the transfer's thread, when it is connected and when a head has come. Null: nobody wants to
  // know. Outlives the transfer.
  TransferProgress* progress = nullptr;
  // The part of the body that is wanted: said in Range and If-Range, to wherever redirects lead. Null: all of
  // it. Outlives the transfer.
  const RangeRequest* range = nullptr;
  // The version that is known already: it is not to be sent again (If-None-Match, If-Modified-Since). Null:
  // none. Outlives the transfer.
  const Validators* known = nullptr;
};

}  // namespace leat::http
