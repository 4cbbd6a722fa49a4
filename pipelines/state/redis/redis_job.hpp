#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/task.hpp"
#include "engine/text/text_map.hpp"
#include "pipelines/state/job.hpp"
#include "pipelines/state/redis/job_calls.hpp"
#include "pipelines/state/redis/job_leases.hpp"

namespace leat::pipelines {

/// A job in a Redis server: see Job, and job_scripts for what is kept where.
///
/// Two tasks of its own run beside the run: one tells Redis that the process lives, and learns what it holds;
/// the other one hands in what has ended, many records at a time.
class RedisJob final : public Job {
 public:
  RedisJob(async::EventLoop& loop, JobOptions options);
  ~RedisJob() override;

  /// Makes the job or joins it, and learns of its leases.
  async::Task<Status> begin();

  std::uint64_t seed() const noexcept override { return seed_; }
  bool is_new() const noexcept override { return is_new_; }
  std::size_t parts() const noexcept override { return options_.parts; }
  std::size_t processes() const noexcept override { return processes_; }
  async::Task<Result<std::optional<SourcePosition>>> wait_for_turn() override;
  async::Task<Result<bool>> put(std::vector<JobRecord> records, SourcePosition position,
                                bool is_last) override;
  void pass_turn() noexcept override;
  async::Task<Result<std::vector<JobWorkPtr>>> take(std::size_t most) override;
  void ended(JobWorkPtr work, RootEnd end) override;
  void park(std::string_view origin, async::TimePoint until) override;
  OriginPast past_of(std::string_view origin) const override;
  void tell_health(std::string_view origin, OriginHealth health) override;
  std::optional<OriginHealth> take_health(std::string_view origin) override;
  void when_told(const void* who, std::function<void(std::string_view origin)> hear) override;
  std::uint64_t connections() const noexcept override { return calls_.connections(); }
  bool is_over() const noexcept override { return is_over_; }
  async::Task<Result<std::vector<bool>>> pass_first(int stage, std::vector<Passing> records,
                                                    std::uint64_t most, bool only_these) override;
  int full_stage() const noexcept override { return full_stage_; }
  async::Task<Result<std::vector<bool>>> are_wanted(std::vector<std::uint64_t> roots) override;
  async::Task<Result<std::vector<std::uint64_t>>> keep_first(int stage, std::vector<FirstOf> keys) override;
  async::Task<Result<std::size_t>> add(int stage, std::vector<FrontierItem> items) override;
  void stop() override;
  async::Task<std::optional<JobSum>> leave() override;

  std::size_t unacknowledged() const noexcept override { return told_ - kept_; }
  async::Task<Status> commit() override;
  const Status& failure() const noexcept override { return failure_; }
  async::Event& failed() noexcept override { return failed_; }

 private:
  class Work;
  struct Ended {
    Ended(LeasePtr l, std::string e, RootEnd r)
        : lease(std::move(l)), entry(std::move(e)), end(std::move(r)) {}
    LeasePtr lease;
    std::string entry;
    RootEnd end;
  };

  void start_tasks();
  async::Task<void> keep_beating();
  async::Task<Status> beat();
  [[nodiscard]] std::vector<unsigned> homes_of(const std::vector<unsigned>& partitions) const;
  [[nodiscard]] bool has_part_of(std::string_view origin) const;
  void hear(const redis::Reply& news);
  void hear_health(const std::string& origin, OriginHealth health);
  async::Task<Status> learn_parked(std::vector<unsigned> partitions);
  async::Task<Status> tell_parked();
  async::Task<Status> learn_health(std::vector<unsigned> partitions);
  async::Task<Status> hand_in_health();
  Status take_news(const redis::Reply& news, const std::vector<HeldPartition>& held,
                   JobLeases::Clock asked_at);
  async::Task<void> hand_in_all();
  [[nodiscard]] static JobCalls::Words words_of(const std::vector<Ended>& batch);
  async::Task<Status> hand_in(std::vector<Ended> batch);
  void begin_again(const std::vector<Ended>& batch, std::uint64_t puts);
  async::Task<void> wait_for_news(async::Duration most);
  [[nodiscard]] std::vector<LeasePtr> to_take_from();
  [[nodiscard]] std::size_t most_of(const Lease& lease, std::size_t most, std::size_t asked) const;
  async::Task<Result<std::vector<JobWorkPtr>>> take_of(std::vector<LeasePtr> leases, std::size_t most,
                                                       bool& found_any);
  async::Task<Result<std::vector<JobWorkPtr>>> take_now(std::size_t most, bool& found_any);
  async::Task<Result<std::vector<bool>>> ask_of_each(const job_scripts::Script& script,
                                                     JobCalls::Words words);
  void let_go(Lease& lease, const std::string& entry, bool was_started, bool again);
  void fail(Error error);
  void wake();
  void beat_soon();

  async::EventLoop& loop_;
  const JobOptions options_;
  JobCalls calls_;
  const std::string process_;  // a name that no other process has
  JobLeases leases_;
  std::uint64_t seed_ = 0;
  bool is_new_ = false;
  bool is_over_ = false;
  bool is_stopped_ = false;
  bool is_left_ = false;
  bool is_exhausted_ = false;
  bool has_share_ = false;  // of the partitions, and not more
  int full_stage_ = 0;
  std::uint64_t live_ = 0;  // records in the job, as far as is known
  std::size_t processes_ = 1;

  bool wants_turn_ = true;
  std::optional<std::int64_t> turn_;  // the reader's fence, while this process is the reader
  SourcePosition position_;

  async::Semaphore adding_{1};
  std::uint64_t puts_ = 0;  // how often records were added

  std::vector<Ended> ended_;  // not handed in yet
  std::uint64_t told_ = 0;    // how many have ended
  std::uint64_t kept_ = 0;    // and were handed in
  bool is_urgent_ = false;    // somebody waits for that
  bool is_handing_in_ = false;

  text::TextMap<JobLeases::Clock> parked_;  // origins, and until when; as others have told
  JobCalls::Words parked_here_;             // what Redis is not told yet: see job_scripts::kPark

  text::TextMap<OriginHealth> health_;       // as others have told, until it is taken
  text::TextMap<OriginHealth> health_here_;  // what Redis is not told yet
  bool is_telling_health_ = false;

  std::string heard_;  // the last news; empty: none are wanted
  std::map<const void*, std::function<void(std::string_view origin)>> hearers_;

  Status failure_;
  async::Event failed_;
  std::shared_ptr<async::Event> news_ = std::make_shared<async::Event>();      // of anything
  std::shared_ptr<async::Event> beat_due_ = std::make_shared<async::Event>();  // earlier than usual
  std::shared_ptr<async::Event> something_ended_ = std::make_shared<async::Event>();
  std::vector<async::TaskHandle<void>> tasks_;
};

}  // namespace leat::pipelines
