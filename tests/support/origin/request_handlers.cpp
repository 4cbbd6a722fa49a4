#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

#include "tests/support/origin/handlers.hpp"
#include "tests/support/origin/json.hpp"

namespace leat::origin {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// RFC 4648, 4.
std::string base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<std::uint8_t>(text[i + k]) : std::uint32_t{0};
    };
    const std::uint32_t group = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > text.size();
      result.push_back(padding ? '=' : kDigits[(group >> (18 - 6 * k)) & 63U]);
    }
  }
  return result;
}

std::string header_map_json(const Request& request) {
  std::map<std::string, std::string> headers;  // repeated ones are joined, as in RFC 9110, 5.3
  for (const Header& header : request.headers) {
    const auto [entry, first] = headers.try_emplace(lower(header.name), header.value);
    if (!first) entry->second.append(", ").append(header.value);
  }
  std::string json = "{";
  for (const auto& [name, value] : headers) {
    if (json.size() > 1) json.push_back(',');
    append_json_text(json, name);
    json.push_back(':');
    append_json_text(json, value);
  }
  return json.append("}");
}

}  // namespace

bool answer_headers(const Exchange& exchange) {
  const Request& request = exchange.request;
  std::string json = R"({"method":)";
  append_json_text(json, request.method);
  json.append(R"(,"path":)");
  append_json_text(json, request.target.path());
  json.append(R"(,"query":)");
  append_json_text(json, request.target.query());
  json.append(R"(,"headers":)").append(header_map_json(request));
  fmt::format_to(std::back_inserter(json), ",\"body_size\":{},\"body\":", request.body_size);
  append_json_text(json, request.body);
  json.append("}\n");
  exchange.response.text(200, json, kJsonType);
  return true;
}

bool answer_echo(const Exchange& exchange) {
  const Request& request = exchange.request;
  if (request.body.size() < request.body_size) {
    exchange.response.text(413, "more than can be echoed\n");
  } else {
    exchange.response.text(200, request.body, request.header("content-type").value_or(kBinaryType));
  }
  return true;
}

bool answer_method(const Exchange& exchange) {
  exchange.response.text(200, fmt::format("{}\n", exchange.request.method));
  return true;
}

bool answer_cookie(const Exchange& exchange) {
  if (exchange.target().raw_segment(1) != "set") return false;
  std::string_view pairs = exchange.target().query();
  while (!pairs.empty()) {
    const std::string_view pair = pairs.substr(0, pairs.find('&'));
    exchange.response.header("Set-Cookie", percent_decode(pair) + "; Path=/");
    pairs.remove_prefix(std::min(pairs.size(), pair.size() + 1));
  }
  exchange.response.text(200, "ok\n");
  return true;
}

bool answer_basic_auth(const Exchange& exchange) {
  const Target& target = exchange.target();
  if (target.raw_segment(1).empty()) return false;
  const std::string wanted = "Basic " + base64(target.segment(1) + ":" + target.segment(2));
  if (exchange.request.header("authorization") == wanted) {
    exchange.response.text(200, "ok\n");
  } else {
    exchange.response.text(401, "credentials wanted\n");
    exchange.response.header("WWW-Authenticate", "Basic realm=\"origin\", charset=\"UTF-8\"");
  }
  return true;
}

bool answer_disposition(const Exchange& exchange) {
  std::string quoted;
  for (const char c : exchange.target().segment(1)) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  exchange.response.text(200, "ok\n");
  exchange.response.header("Content-Disposition", fmt::format("attachment; filename=\"{}\"", quoted));
  return true;
}

}  // namespace leat::origin
