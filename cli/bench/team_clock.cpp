#include "cli/bench/team_clock.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/text/number.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr int kQuestions = 9;

}  // namespace

async::Task<Status> TeamClock::measure(redis::Client& client) {
  async::Duration least = async::Duration::max();
  for (int i = 0; i < kQuestions; ++i) {
    const auto asked = std::chrono::steady_clock::now().time_since_epoch();
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    std::vector<redis::Command> commands{{"TIME"}};
    auto calling = client.call(std::move(commands));
    const auto replies = co_await std::move(calling);
    const async::Duration took = std::chrono::steady_clock::now().time_since_epoch() - asked;
    if (!replies) co_return replies.error();
    const redis::Reply& reply = replies.value().front();
    if (reply.items.size() != 2) co_return client.error_of(reply);
    const auto seconds = text::parse_number<std::int64_t>(reply.items[0].text);
    const auto parts = text::parse_number<std::int64_t>(reply.items[1].text);
    if (!seconds || !parts) co_return Error(Errc::bad_response, "Redis's TIME is no time");
    if (took >= least) continue;
    least = took;
    const async::Duration theirs = std::chrono::seconds(*seconds) + std::chrono::microseconds(*parts);
    ahead_ = theirs - (asked + took / 2);
    offset_ = wall + took / 2 - theirs;
    error_ = took / 2;
  }
  co_return std::nullopt;
}

std::string TeamClock::text() const {
  const auto nanoseconds = static_cast<double>(offset_.count());
  return fmt::format("{}{} ± {}", nanoseconds < 0 ? "-" : "+",
                     text::format_nanoseconds(nanoseconds < 0 ? -nanoseconds : nanoseconds),
                     text::format_nanoseconds(static_cast<double>(error_.count())));
}

}  // namespace leat::cli
