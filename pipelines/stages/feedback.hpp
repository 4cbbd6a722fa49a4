#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/event.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/ask.hpp"
#include "pipelines/stages/fetch.hpp"
#include "pipelines/stages/name_set.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// A fetch whose results lead to further requests: what `crawl` and `paginate` have in common.
///
/// Every record that is fetched goes on downstream; `follow` finds what to fetch because of it, and gives
/// that to `admit`. The frontier of records that wait is unbounded, so that no circle can come to a
/// standstill; records from upstream are taken only while it is short. It ends exactly when upstream has
/// ended and nothing is left: not in the frontier, not in the fetch, not held by anybody (`hold`). Loop
/// thread only.
class Feedback : public Stage {
 public:
  Feedback(FetchArgs args, RunContext& context);

  [[nodiscard]] Fetch& fetch() noexcept { return fetch_; }
  async::Task<Status> run(RecordReceiver in, RecordSender out) final;

 protected:
  /// Of a record that has been fetched; it is not touched. May wait.
  virtual async::Task<void> follow(const Record& fetched) = 0;
  /// Runs beside the rest from the start to the end; for what comes back by another way.
  virtual async::Task<void> beside(RecordSender out) = 0;
  /// When all of it has ended, however that came: lets go of whatever `beside` worked with.
  virtual void end_beside() noexcept {}
  /// Whether it is one to fetch. What is not is dropped.
  virtual bool wanted(const Record& record) = 0;

  /// Makes a record from upstream the first of a walk.
  static void begin_walk(Record& record);
  /// Puts a record that has its ticket into the frontier, if it is wanted; else it counts as skipped.
  void admit(RecordPtr record);
  /// Something will still come of a record that is elsewhere; until it is given back nothing ends.
  void hold() noexcept { ++held_; }
  void give_back() noexcept;

  RunContext& context_;

 private:
  static constexpr std::size_t kShort = 256;

  async::Task<void> take_in(RecordReceiver in);
  async::Task<void> ask(RecordReceiver in, RecordSender out);
  async::Task<void> feed(RecordSender to_fetch, async::TaskHandle<void> sending);
  async::Task<void> stop(async::TaskHandle<Status> fetching, std::vector<async::TaskHandle<void>> others);
  async::Task<void> send_out(RecordReceiver fetched, RecordSender out);
  [[nodiscard]] bool is_done() const noexcept {
    return in_ended_ && frontier_.empty() && in_fetch_ == 0 && held_ == 0;
  }
  void wake() noexcept;

  Fetch fetch_;
  std::optional<Ask> ask_;  // here: what comes back needs the answers, too
  std::deque<RecordPtr> frontier_;
  std::optional<async::Event> change_;
  std::optional<async::Event> room_;
  std::size_t in_fetch_ = 0;  // and on their way out of it
  std::size_t held_ = 0;
  bool in_ended_ = false;
};

}  // namespace leat::pipelines
