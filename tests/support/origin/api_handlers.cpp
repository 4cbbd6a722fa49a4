// What APIs ask of their clients besides a GET: a query by POST that names the place to go on, and a token.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

// The number behind `name` in a body of JSON, with or without quotes around it; `otherwise` if there is none.
std::uint64_t number_behind(std::string_view body, std::string_view name, std::uint64_t otherwise) {
  const auto at = body.find(name);
  if (at == std::string_view::npos) return otherwise;
  const auto rest = body.substr(at + name.size());
  const auto first = std::min(rest.find_first_not_of("\" :"), rest.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(rest.data() + first, rest.data() + rest.size(), number);
  return read.ec == std::errc() ? number : otherwise;
}

}  // namespace

bool answer_graphql(const Exchange& exchange) {
  constexpr std::uint64_t kItems = 5;
  const Request& request = exchange.request;
  if (request.method != "POST" || request.body.find("\"query\"") == std::string::npos) {
    exchange.response.text(400, "{\"errors\":[{\"message\":\"no query\"}]}\n", kJsonType);
    return true;
  }
  const auto after = std::min(number_behind(request.body, "\"after\"", 0), kItems);
  const auto end = std::min(after + number_behind(request.body, "\"first\"", 2), kItems);
  std::string json = "{\"data\":{\"items\":{\"nodes\":[";
  for (auto id = after + 1; id <= end; ++id) {
    fmt::format_to(std::back_inserter(json), "{}{{\"id\":{},\"name\":\"item {}\"}}",
                   id > after + 1 ? "," : "", id, id);
  }
  fmt::format_to(std::back_inserter(json),
                 "],\"pageInfo\":{{\"hasNextPage\":{},\"endCursor\":\"{}\"}}}}}}}}\n", end < kItems, end);
  exchange.response.text(200, json, kJsonType);
  return true;
}

bool answer_token(const Exchange& exchange) {
  const Request& request = exchange.request;
  if (request.header("authorization") != "Basic cXVpY2tzdGFydDpub25l") {  // quickstart:none
    exchange.response.text(401, "{\"error\":\"invalid_client\"}\n", kJsonType);
  } else if (request.method != "POST" ||
             request.body.find("grant_type=client_credentials") == std::string::npos) {
    exchange.response.text(400, "{\"error\":\"unsupported_grant_type\"}\n", kJsonType);
  } else {
    exchange.response.text(
        200, "{\"access_token\":\"sesame\",\"token_type\":\"Bearer\",\"expires_in\":600}\n", kJsonType);
  }
  return true;
}

bool lacks_token(const Exchange& exchange) {
  const auto token = exchange.target().parameter("token");
  if (!token || exchange.request.header("authorization") == fmt::format("Bearer {}", *token)) return false;
  exchange.response.text(401, "{\"error\":\"invalid_token\"}\n", kJsonType);
  return true;
}

}  // namespace leat::origin
