#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::http {

/// One request, as a user says it. What all requests of a run share is in ClientOptions.
struct Request {
  Request() = default;
  explicit Request(std::string u) : url(std::move(u)) {}

  /// What it is sent with.
  [[nodiscard]] std::string_view effective_method() const noexcept {
    if (!method.empty()) return method;
    return body ? "POST" : "GET";
  }

  std::string url;
  std::string method;                // empty: GET, or POST with a body
  std::vector<std::string> headers;  // "Name: value", checked by `check_header`
  std::optional<std::string> body;
};

}  // namespace leat::http
