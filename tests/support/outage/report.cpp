#include "tests/support/outage/report.hpp"

#include <fmt/format.h>

namespace leat::outage {
namespace {

std::string seconds(const std::optional<Clock::time_point>& time) {
  if (!time) return "null";
  return fmt::format("{:.6f}", std::chrono::duration<double>(time->time_since_epoch()).count());
}

}  // namespace

std::string Report::json() const {
  return fmt::format(
      R"({{"connections":{},"requests":{},"answers":{},"first_request":{},"last_answer":{},)"
      R"("fault_began":{},"fault_ended":{},"fault_connections":{},"fault_in_flight":{},"fault_requests":{},"fault_tries":{}}})"
      "\n",
      connections, requests, answers, seconds(first_request), seconds(last_answer), seconds(fault_began),
      seconds(fault_ended), fault_connections, fault_in_flight, fault_requests,
      fault_tries ? std::to_string(*fault_tries) : "null");
}

}  // namespace leat::outage
