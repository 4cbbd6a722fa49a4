#include <fmt/format.h>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

/// The status that a component or parameter names; nothing if it is none.
std::optional<int> as_status(std::optional<std::uint64_t> code) noexcept {
  if (!code || *code < 100 || *code > 999) return std::nullopt;
  return static_cast<int>(*code);
}

/// The status in the parameter `status`: `fallback` if it is missing, nothing if it makes no sense.
std::optional<int> status_parameter(const Target& target, int fallback) {
  return target.parameter("status") ? as_status(target.parameter_number("status")) : fallback;
}

bool redirect(const Exchange& exchange, std::string_view url) {
  const auto status = status_parameter(exchange.target(), 302);
  if (!status) return false;
  exchange.response.text(*status, "moved\n");
  exchange.response.header("Location", url);
  return true;
}

}  // namespace

bool answer_ok(const Exchange& exchange) {
  exchange.response.text(200, "ok\n");
  return true;
}

bool answer_status(const Exchange& exchange) {
  const auto status = as_status(exchange.target().number(1));
  if (!status) return false;
  exchange.response.text(*status, fmt::format("status {}\n", *status));
  if (const auto value = exchange.target().parameter("retry-after")) {
    exchange.response.header("Retry-After", *value);
  }
  if (const auto url = exchange.target().parameter("location")) exchange.response.header("Location", *url);
  return true;
}

bool answer_flaky(const Exchange& exchange) {
  Response& response = exchange.response;
  const Target& target = exchange.target();
  const auto failures = target.number(1);
  const auto status = status_parameter(target, 503);
  const auto fault = target.parameter("fault");
  const bool known_fault = !fault || *fault == "reset" || *fault == "truncate";
  if (!failures || !status || !known_fault) return false;
  response.text(200, "ok\n");
  if (exchange.services.occurrences.next(target.path()) >= *failures) return true;
  if (!fault) {
    response.text(*status, fmt::format("status {}\n", *status));
    if (const auto value = target.parameter("retry-after")) response.header("Retry-After", *value);
  } else if (*fault == "truncate") {
    response.cut(1, Ending::close);
  } else {
    response.framing = Framing::none;
    response.ending = Ending::reset;
  }
  return true;
}

bool answer_delay(const Exchange& exchange) {
  const auto delay = exchange.target().number(1);
  if (!delay) return false;
  exchange.response.text(200, "ok\n");
  exchange.response.delay_us = *delay * 1000;
  return true;
}

bool answer_redirect(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto hops = target.number(1);
  if (!hops) return false;
  if (*hops == 0) return answer_ok(exchange);
  std::string url = *hops == 1 ? "/ok" : fmt::format("/redirect/{}", *hops - 1);
  url.append(target.after_segment(1));
  if (!target.query().empty()) url.append("?").append(target.query());
  return redirect(exchange, url);
}

bool answer_redirect_to(const Exchange& exchange) {
  const auto url = exchange.target().parameter("url");
  return url && redirect(exchange, *url);
}

bool answer_redirect_loop(const Exchange& exchange) {
  return redirect(exchange, exchange.target().path_and_query());
}

bool answer_robots(const Exchange& exchange) {
  const auto status = status_parameter(exchange.target(), 200);
  if (!status) return false;
  RobotsAnswer& robots = exchange.services.robots;
  robots.status = *status;
  robots.location = exchange.target().parameter("location").value_or("");
  robots.text = exchange.target().parameter("text").value_or("");
  exchange.response.text(200, "ok\n");
  return true;
}

bool answer_robots_txt(const Exchange& exchange) {
  const RobotsAnswer& robots = exchange.services.robots;
  exchange.response.text(robots.status, robots.text);
  if (!robots.location.empty()) exchange.response.header("Location", robots.location);
  return true;
}

bool answer_stats(const Exchange& exchange) {
  const bool with_paths = exchange.target().parameter("paths") != "0";
  exchange.response.text(200, exchange.services.counters.json(with_paths), kJsonType);
  return true;
}

bool answer_reset_stats(const Exchange& exchange) {
  if (exchange.request.method != "POST") {
    exchange.response.text(405, "POST it\n");
    exchange.response.header("Allow", "POST");
    return true;
  }
  exchange.services.counters.reset();
  exchange.response.text(200, "ok\n");
  return true;
}

}  // namespace leat::origin
