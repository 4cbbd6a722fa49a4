#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/redis/client.hpp"
#include "pipelines/state/redis/job_scripts.hpp"

namespace leat::pipelines {

/// The partitions of a job: as many as its format says.
inline constexpr std::size_t kPartitions = 64;
/// The format of what a job keeps, which another leat may not know.
inline constexpr const char* kJobFormat = "2";

/// The eight bytes of a key, so that it takes as little of Redis's memory as it can.
[[nodiscard]] std::string bytes_of(std::uint64_t key);
/// The number that a word of a reply is, whether as a number or a text; 0 for none.
[[nodiscard]] std::int64_t number_of(const redis::Reply& word);

/// Has Redis run the scripts of one job. A call is repeated with pauses while Redis is away, for so long as
/// the process may wait for it.
///
/// After `stop` nothing is repeated, and no call takes longer than a second; once one has failed, the others
/// fail at once: a user who ends the run doesn't wait for Redis. Loop thread only. Outlives its calls.
class JobCalls {
 public:
  using Words = std::vector<std::string>;

  JobCalls(async::EventLoop& loop, redis::RedisUrl url, async::Duration away);

  /// Which job it is, as all but the first call tell: see job_scripts.
  void be(std::string uid, std::string process);

  /// The reply, which is a list. bad_input where Redis refuses it, or the job is gone.
  async::Task<Result<redis::Reply>> run(const job_scripts::Script& script, Words arguments);
  /// The same for any command.
  async::Task<Result<redis::Reply>> ask(redis::Command command);

  void stop();
  [[nodiscard]] bool is_stopped() const noexcept { return stopped_; }
  /// Cancels what is under way, and awaits that.
  async::Task<void> end();

  [[nodiscard]] std::string shown() const { return client_.shown() + ", job " + name_; }
  [[nodiscard]] const std::string& base() const noexcept { return base_; }
  [[nodiscard]] std::uint64_t calls() const noexcept { return client_.calls(); }
  [[nodiscard]] std::uint64_t connections() const noexcept { return client_.connections(); }

 private:
  using Calling = async::TaskHandle<Result<redis::Replies>>;
  async::Task<Result<redis::Reply>> attempt(redis::Command command);
  async::Task<Result<redis::Replies>> call_patiently(std::vector<redis::Command> commands);
  async::Task<Result<redis::Replies>> call_in_hurry(std::vector<redis::Command> commands);
  [[nodiscard]] Error no_longer() const;
  async::Task<void> wait_a_little(async::Duration pause);
  async::Task<void> cut();

  async::EventLoop& loop_;
  redis::Client client_;
  const async::Duration away_;
  const std::string name_;
  const std::string base_;
  std::string uid_;
  std::string process_;
  std::map<const char*, std::string> digests_;  // of the scripts that Redis knows
  std::list<Calling> under_way_;
  std::optional<async::TaskHandle<void>> cutting_;
  bool stopped_ = false;
  bool gave_up_ = false;
};

}  // namespace leat::pipelines
