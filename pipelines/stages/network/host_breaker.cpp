#include "pipelines/stages/network/host_breaker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace leat::pipelines {

namespace {

constexpr std::array kFaults{
    Errc::dns_failed, Errc::dns_timeout,   Errc::connect_refused, Errc::connect_timeout, Errc::connect_failed,
    Errc::tls_failed, Errc::tls_untrusted, Errc::timeout,         Errc::stalled,         Errc::reset,
    Errc::truncated,  Errc::bad_response,  Errc::header_too_large};

bool is_servers_fault(const Error& error) noexcept {
  if (error.code == Errc::http_status) return error.http_status >= 500 || error.http_status == 429;
  return std::find(kFaults.begin(), kFaults.end(), error.code) != kFaults.end();
}

}  // namespace

void HostBreaker::settle(std::string_view origin, const Record& record) {
  if (limit_ == 0) return;
  const bool failed = record.error && is_servers_fault(*record.error);
  if (record.error && !failed && record.error->code != Errc::http_status) return;  // says nothing of it
  if (gate_.settle(origin, failed)) context_.given_up[std::string(origin)] = GivenUp{*record.error, 0};
}

void HostBreaker::end_untried(Record& record, std::string_view origin, const char* stage) {
  const http::HostGate::Gone gone = gate_.why_gone(origin);
  GivenUp& given_up = context_.given_up[std::string(origin)];
  const Error& last = gone.is_down ? gone.last : given_up.last;
  ++given_up.untried;
  const std::string why = gone.is_down
                              ? fmt::format(" has answered nothing well for {} s", async::in_seconds(down_))
                              : fmt::format(" failed {} times in a row", limit_);
  Error error(gone.is_down ? Errc::host_down : last.code,
              fmt::format("not tried: {}", origin) + why + ", the last time: " + last.message);
  error.http_status = last.http_status;
  error.retryable = true;
  record.fail(std::move(error), stage);
  if (!gone.is_down) record.outcome = Outcome::skipped;
}

}  // namespace leat::pipelines
