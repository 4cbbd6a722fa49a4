#include <uv.h>

#include <cmath>
#include <numbers>

#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr double kSlowShare = 0.2;

/// A number from 0 to 1 that is always the same for the same request (splitmix64).
double drawn(std::uint64_t seq, std::uint64_t salt) noexcept {
  std::uint64_t x = seq * 2 + salt + 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  x ^= x >> 31U;
  return (static_cast<double>(x >> 11U) + 0.5) / 9007199254740992.0;
}

double normal(std::uint64_t seq) noexcept {
  return std::sqrt(-2 * std::log(drawn(seq, 0))) * std::cos(2 * std::numbers::pi * drawn(seq, 1));
}

std::uint64_t lognormal(std::uint64_t median_us, std::uint64_t sigma_percent, std::uint64_t seq) noexcept {
  const double factor = std::exp(static_cast<double>(sigma_percent) / 100 * normal(seq));
  return static_cast<std::uint64_t>(static_cast<double>(median_us) * factor);
}

}  // namespace

bool answer_timed(const Exchange& exchange) {
  const Target& target = exchange.target();
  const std::string kind = target.segment(1);
  const auto us = target.number(2);
  const auto more = target.number(3);
  const auto seq = target.number(kind == "constant" ? 3 : 4);
  const auto stop_at = target.parameter_number("stop-at");
  const auto stop_ms = target.parameter_number("stop-ms");
  if (!us || !more || !seq || stop_at.has_value() != stop_ms.has_value()) return false;
  Response& response = exchange.response;
  if (kind == "constant") {
    response.delay_us = *us;
  } else if (kind == "bimodal") {
    response.delay_us = drawn(*seq, 0) < kSlowShare ? *more : *us;
  } else if (kind == "lognormal") {
    response.delay_us = lognormal(*us, *more, *seq);
  } else {
    return false;
  }
  Timings& timings = exchange.services.timings;
  const std::uint64_t now = uv_hrtime();
  if (stop_at == seq) timings.stop_until(now + *stop_ms * 1'000'000);
  if (timings.stopped_until() > now) response.delay_us += (timings.stopped_until() - now) / 1000;
  response.timed_as = *seq;
  response.text(200, "ok\n");
  return true;
}

bool answer_timings(const Exchange& exchange) {
  exchange.response.text(200, exchange.services.timings.take_text());
  return true;
}

}  // namespace leat::origin
