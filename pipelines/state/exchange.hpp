#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"

namespace leat::pipelines {

/// One request and all that came of it, as --record keeps it. The body is kept in a file of its own.
struct Exchange {
  Exchange() = default;

  http::Request request;      // without its body and its secrets
  std::string body_sha256;    // of the request's body; empty: it had none
  std::uint32_t ordinal = 1;  // 1 for the first exchange of its key in the run, then 2, 3, …
  http::RequestTimes times;

  std::optional<http::ResponseHead> head;  // as the sink was given it; none if none came
  std::string sha256;                      // of the response's body, as far as it came
  std::uint64_t size = 0;                  // of the same body, in bytes

  std::optional<http::Response> response;  // either
  std::optional<Error> error;              // or
  bool refused = false;                    // by its sink, whose error this is: the body ends there
};

/// Indented JSON, which people can read too. Bytes that are no UTF-8 come through.
[[nodiscard]] std::string to_json(const Exchange& exchange);

/// Reads what `to_json` wrote; bad_input says what is wrong with any other text.
[[nodiscard]] Result<Exchange> exchange_from_json(const std::string& text);

}  // namespace leat::pipelines
