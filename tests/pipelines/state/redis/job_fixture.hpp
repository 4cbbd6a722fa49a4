#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/state/job.hpp"
#include "tests/support/redis_server.hpp"

namespace leat::pipelines {

inline JobOptions job_options(const tests::RedisServer& server) {
  JobOptions options;
  options.url = std::move(redis::parse_redis_url(server.url() + "?job=j", "job")).value();
  options.leat_version = "0.1.0";
  options.config.emplace_back("spec", "lines \"urls.txt\" | fetch n=8 | write json");
  options.beat = std::chrono::milliseconds(50);
  options.away = std::chrono::seconds(5);
  return options;
}

/// A process's part in a job, whose calls are made one at a time. It leaves the job at its end.
class OpenJob {
 public:
  explicit OpenJob(const JobOptions& options) : OpenJob(std::make_shared<async::EventLoop>(), options) {}
  explicit OpenJob(const tests::RedisServer& server) : OpenJob(job_options(server)) {}
  /// Of several on one loop.
  OpenJob(std::shared_ptr<async::EventLoop> loop, const JobOptions& options) : loop_(std::move(loop)) {
    auto joined = loop_->run(Job::join(*loop_, options));
    if (!joined.ok()) FAIL(joined.error().message);
    job_ = std::move(*joined);
  }
  ~OpenJob() { leave(); }
  OpenJob(const OpenJob&) = delete;
  OpenJob& operator=(const OpenJob&) = delete;

  Job& operator*() { return *job_; }
  Job* operator->() { return job_.get(); }
  [[nodiscard]] async::EventLoop& loop() { return *loop_; }
  [[nodiscard]] std::shared_ptr<async::EventLoop> shared_loop() const { return loop_; }

  template <class T>
  T run(async::Task<Result<T>> task) {
    auto result = loop_->run(std::move(task));
    if (!result.ok()) FAIL(result.error().message);
    return std::move(*result);
  }
  /// `records` have been read up to the one at `position`.
  bool put(std::vector<JobRecord> records, std::uint64_t position, bool is_last) {
    static_cast<void>(run(job_->wait_for_turn()));
    SourcePosition at;
    at.records = position;
    return run(job_->put(std::move(records), at, is_last));
  }
  JobWorkPtr take_one() {
    auto works = run(job_->take(1));
    return works.empty() ? nullptr : std::move(works.front());
  }
  /// Started, and ended so.
  void end(JobWorkPtr work, Outcome outcome = Outcome::ok) {
    REQUIRE(work != nullptr);
    REQUIRE(work->may_start());
    RootEnd end(0, outcome);
    if (outcome == Outcome::failed) {
      end.failed_at = "a.org";
      end.code = "timeout";
      end.codes.emplace_back("timeout", 1);
      end.url = "http://a.org/";
      end.message = "no answer";
    }
    job_->ended(std::move(work), std::move(end));
  }
  void commit() {
    const Status status = loop_->run(job_->commit());
    if (status) FAIL(status->message);
  }
  std::optional<JobSum> leave() {
    if (!job_) return std::nullopt;
    auto sum = loop_->run(job_->leave());
    job_.reset();
    return sum;
  }

 private:
  std::shared_ptr<async::EventLoop> loop_;
  std::unique_ptr<Job> job_;
};

/// Records at as many places as there are.
inline std::vector<JobRecord> records(std::uint64_t first, std::uint64_t count) {
  std::vector<JobRecord> made;
  for (std::uint64_t id = first; id < first + count; ++id) made.emplace_back(id, std::to_string(id));
  return made;
}

}  // namespace leat::pipelines
