#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/bench_record.hpp"
#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"
#include "engine/redis/redis_url.hpp"

namespace leat::cli {

/// --team, --size and --team-wait.
struct TeamOptions {
  TeamOptions() = default;

  redis::RedisUrl url;  // its name is the team's
  std::size_t size = 0;
  async::Duration wait{std::chrono::minutes(1)};  // for all members to come
};

/// One process of several that make one load together, and meet at a Redis server.
///
/// The members are alike: each waits until all have come, agrees with them on the instant of each run by
/// Redis's clock, does its share, and adds up what all of them have measured. So each knows the whole,
/// decides the same about the next run, and only the first of those whose parts have come prints it. A member
/// tells every second that it lives; one that was not heard of for kDeadAfter is dead. The others go on
/// without its part, which is not guessed, and say so. Whoever has typed something else than the first is
/// refused with what differs. Keys of Redis expire, and the last member that leaves removes them. Loop thread
/// only; outlives its tasks.
class Team {
 public:
  static constexpr async::Duration kDeadAfter{std::chrono::seconds(10)};

  Team(async::EventLoop& loop, TeamOptions options);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  /// Waits until all members have come, or ends with who is missing. bad_input for a plan, or a size, that is
  /// not the others'. `lines` says what is to be alike (see team_plan.hpp); the plan has `threads` threads.
  async::Task<Status> join(std::string lines, std::size_t threads);
  /// Has this member wait no longer for others to come; the second time, not for what they have measured
  /// either.
  void give_up() noexcept;
  /// Tells that this member lives, until it is cancelled.
  async::Task<void> keep_telling();

  /// This member's share of a plan, and what the plan is with the threads of all.
  [[nodiscard]] load::LoadPlan share_of(load::LoadPlan plan) const;
  [[nodiscard]] load::LoadPlan whole_of(load::LoadPlan plan) const;

  /// For LoadRun::set_meeting: waits for all members, and gives the instant at which they begin.
  async::Task<Result<async::TimePoint>> meet();
  /// Hands this member's part of the run that began last over, and adds up everybody's. `plan` is the whole;
  /// `own` outlives the task.
  async::Task<Result<load::LoadResult>> gather(load::LoadPlan plan, const load::LoadResult& own);
  /// The members, in their order, with what each did in the runs that were gathered since `begin_rows`.
  [[nodiscard]] const std::vector<MemberRow>& rows() const noexcept;
  /// The rows are of the runs from now on.
  void begin_rows() noexcept;
  /// Whether nothing is known of a member's part in the run that was gathered last.
  [[nodiscard]] bool has_lost_member() const noexcept;

  /// Whether this member is the one that prints the report.
  [[nodiscard]] bool prints() const;
  /// What a member that is not prints in its place.
  [[nodiscard]] std::string sentence() const;
  async::Task<void> leave();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::cli
