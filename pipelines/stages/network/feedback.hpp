#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/async/event.hpp"
#include "pipelines/flow/ask.hpp"
#include "pipelines/flow/reentry.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/sequence.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/result/name_set.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/network/frontier.hpp"

namespace leat::pipelines {

/// A fetch whose results lead to further requests: what `crawl` and `paginate` have in common.
///
/// Every record that is fetched goes on downstream; `follow` finds what to fetch because of it, and gives
/// that to `admit`. The frontier of records that wait is unbounded, so that no circle can come to a
/// standstill; records from upstream are taken only while it is short. It ends exactly when upstream has
/// ended and nothing is left: not in the frontier, not in the fetch, not in a family that `hold` made.
///
/// In a run that is part of a job, and with shared pages, what is known is known to the whole job, and
/// upstream ends with the job. Loop thread only.
class Feedback : public Stage, public Fetching, public Reentry {
 public:
  /// `name` is the stage's own, for the errors of its fetch; `in_memory`: how many records wait in memory, at
  /// most, see Frontier.
  Feedback(const char* name, FetchArgs args, std::size_t in_memory, Frontier::Pages pages,
           RunContext& context);

  [[nodiscard]] Fetching* fetching() noexcept override { return this; }
  Status set_body_use(BodyUse use, const StageArgs* save) override { return fetch_.set_body_use(use, save); }
  void put_in_sequence(const std::string& name, std::size_t reach) override {
    sequence_.emplace(name, reach, context_);
  }
  async::Task<Status> run(RecordReceiver in, RecordSender out) final;
  [[nodiscard]] StageLoad load() const final;
  async::Task<void> wait_until_short() final;
  async::Task<bool> come_back(RecordPtr record) final;

 protected:
  /// Of a record that has been fetched; it is not touched. May wait.
  virtual async::Task<void> follow(const Record& fetched) = 0;
  /// Runs beside the rest from the start to the end; for what comes back by another way.
  virtual async::Task<void> beside(RecordSender out) = 0;
  /// At the end, however it comes: lets go of whatever `beside` works with.
  virtual void end_beside() noexcept {}
  /// Whether it is one to fetch, if it is new. What is not is dropped.
  [[nodiscard]] virtual bool wanted(const Record& record) const = 0;
  /// What is wrong with one that is wanted but has been there; nothing: it is dropped.
  [[nodiscard]] virtual Status repeated(const Record& /*record*/) const { return std::nullopt; }
  /// What it is known by: of two records of one name the first is fetched.
  [[nodiscard]] virtual std::string name_of(const Record& record) const = 0;

  /// Whether what a record is known by takes time to find: then it is asked of `ask_name`.
  [[nodiscard]] virtual bool asks_names() const noexcept { return false; }
  virtual async::Task<Result<std::string>> ask_name(const Record& record);
  /// Then, and with shared pages, too: takes those of the records that have come from the fetch out of `goes`
  /// that a redirect has led to a page which is known. It is known afterwards.
  virtual async::Task<void> leave_out_known(const std::vector<RecordPtr>& fetched, std::vector<bool>& goes);
  /// Whether what is known is known to all processes of a job.
  [[nodiscard]] bool is_shared() const noexcept { return frontier_.is_shared(); }
  /// Then: of names, by their hashes, which of these records are the first. Nothing if the run is to end.
  async::Task<std::optional<std::vector<bool>>> are_first(std::vector<FirstOf> names);

  /// Of a record from upstream that is the first of a walk. A job may give it a second time, when other pages
  /// of the walk were let go.
  virtual void begins(const Record& /*first*/) {}
  /// Of a record that goes into the fetch next.
  virtual void prepare(Record& /*record*/) {}
  /// Whether a record that has come from the fetch goes on downstream; if not, it counts as skipped.
  [[nodiscard]] virtual bool goes_on(Record& /*fetched*/) { return true; }
  /// Makes that name one that was fetched already; false if it was. With shared pages: that the job knows, or
  /// is about to, before the records end that it came of. Any thread.
  bool know(const std::string& name);
  /// Whether that is a name which is known. Any thread.
  [[nodiscard]] bool knows(std::string_view name) const;

  /// Makes a record from upstream the first of a walk.
  static void begin_walk(Record& record);
  /// Puts a record into the frontier, if it is wanted; else it counts as skipped.
  void admit(RecordPtr record) {
    const std::string name = name_of(*record);
    admit(std::move(record), name);
  }
  /// The same, also where names are asked for.
  async::Task<void> name_and_admit(RecordPtr record);
  /// The run is to end, and no other one goes on with what its pages lead to. With a state one does: what a
  /// page leads to is kept there, since the page itself is done.
  [[nodiscard]] bool leaves_rest() const noexcept { return context_.stopping && context_.state == nullptr; }
  /// To be awaited between many of them, so that the disk can keep up.
  async::Task<void> wait_for_room() { return frontier_.wait_for_room(); }
  /// A family for a copy that goes elsewhere: nothing ends before all that comes of the copy is back or gone.
  /// With a journal a kill has the page done again until then, though its line may be printed;
  /// `ends_by_itself` says that it comes to that whatever else waits, so that it counts as on its way into
  /// the journal.
  [[nodiscard]] FamilyRef hold(FamilyRef outer, bool ends_by_itself);

  RunContext& context_;

 private:
  class Held;
  static constexpr std::size_t kShort = 256;
  static constexpr std::size_t kAtOnce = 64;  // records that a job is asked about

  async::Task<void> run_fetch(RecordReceiver in, RecordSender out);
  async::Task<void> feed(RecordSender to_fetch);
  async::Task<void> take_in(RecordReceiver in);
  async::Task<void> run_part(Stage& part, RecordReceiver in, RecordSender out);
  void admit(RecordPtr record, const std::string& name);
  void forget_what_a_job_may_have_lost();
  async::Task<void> admit_walks(RecordPtr first, RecordReceiver& in);
  async::Task<void> send_out(RecordReceiver fetched, RecordSender out);
  async::Task<std::vector<bool>> choose(const std::vector<RecordPtr>& fetched);
  async::Task<bool> pass_on_fetched(RecordPtr record, bool goes, RecordSender& out);
  [[nodiscard]] bool is_done() const noexcept {
    return in_ended_ && frontier_.empty() && in_fetch_ == 0 && held_ == 0;
  }
  void wake() noexcept { frontier_.nudge(); }

  const char* const stage_;
  const std::size_t few_;  // records that wait, so that more are taken out of the job
  Fetch fetch_;
  std::optional<Sequence> sequence_;  // of what the fetch gives
  std::optional<Ask> ask_;            // here: what comes back needs the answers, too
  Frontier frontier_;
  NameSet seen_;
  std::uint64_t connections_ = 0;  // to the job, when the first of these was put there
  mutable std::mutex seen_mutex_;  // redirects are looked at on the threads of transfers
  std::optional<async::Event> room_;
  std::optional<async::Event> fewer_;  // for whom Reentry has to wait
  std::size_t in_fetch_ = 0;           // and on their way out of it
  std::size_t held_ = 0;
  bool in_ended_ = false;
  bool fetch_ended_ = false;
  bool has_ended_ = false;
  Status status_;                                         // of the fetch
  std::shared_ptr<const Channel<RecordPtr>> from_fetch_;  // which counts what failed there
};

}  // namespace leat::pipelines
