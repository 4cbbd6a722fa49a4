#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/flow/channel.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// What a stage is, as far as it matters for what may hold it up.
enum class StageRole : std::uint8_t {
  source,
  work,   // on one record after the other, as fast as it can
  gate,   // transfers: slots, rates, hosts
  pool,   // several records at once, in slots
  rate,   // a pace of its own
  libjq,  // programs that are evaluated elsewhere
  sink,
};

/// How busy a stage is at one moment.
struct StageLoad {
  StageLoad() = default;
  explicit StageLoad(StageRole r) noexcept : role(r) {}

  StageRole role = StageRole::work;
  std::size_t busy = 0;      // slots in use
  std::size_t slots = 0;     // 0: it has none
  std::size_t backlog = 0;   // records inside that wait
  std::size_t at_hosts = 0;  // of these, for their host: it is parked, at its cap or at its rate
  std::uint64_t failed = 0;  // records that failed here and were counted nowhere else
  bool rate_holds = false;   // a slot is free, but no start is due
  bool no_room = false;      // the reader of an output is behind
};

using RecordSender = Sender<RecordPtr>;
using RecordReceiver = Receiver<RecordPtr>;

// The kinds of stage. A Status that is an Error ends the whole run; what goes wrong with one record is that
// record's `error`, and a record that has failed is passed on untouched. A stage that returns drops its ends
// of the channels, which ends its neighbours in order; one whose records nobody wants any more is cancelled.
// Each outlives the task of its `run`.

class Program;
class RecordView;
class StageArgs;

/// What every kind of stage says of the jq programs that it evaluates.
class UsesPrograms {
 public:
  virtual ~UsesPrograms() = default;
  [[nodiscard]] virtual std::vector<const Program*> programs() const { return {}; }
};

/// Where records begin.
class Source {
 public:
  virtual ~Source() = default;
  virtual async::Task<Status> run(RecordSender out) = 0;
  /// Reads no more: `run` ends soon, as at the end of the input. May be called at any time.
  virtual void stop() noexcept = 0;
  /// What part of the input has become records, 0 to 1, where that can be told.
  [[nodiscard]] virtual std::optional<double> part_read() const noexcept { return std::nullopt; }
};

/// What the planner arranges with a stage that fetches, before it runs.
class Fetching {
 public:
  virtual ~Fetching() = default;
  /// `hold`: a stage behind it reads bodies, so that they have to be in memory. `save`: the arguments of the
  /// stage behind it whose files it is to write as the bytes come; null if there is none. bad_input.
  virtual Status set_body_use(bool hold, const StageArgs* save) = 0;
  /// In a run that is recorded or replayed: where one fetch leads to another, their order is put down inside.
  virtual void put_in_sequence(const std::string& name, std::size_t reach) = 0;
};

/// Takes records and passes them on.
class Stage : public UsesPrograms {
 public:
  virtual async::Task<Status> run(RecordReceiver in, RecordSender out) = 0;
  /// Itself, if it fetches; otherwise null.
  [[nodiscard]] virtual Fetching* fetching() noexcept { return nullptr; }
  /// A stage that has a block is told before `run` how to send into it. What leaves the block comes `back`,
  /// if the block has an open end.
  virtual void set_block(RecordSender /*into*/, RecordReceiver /*back*/) noexcept {}
  /// Of a stage whose facts say has_entry: what is to stand where its part of the pipeline begins. Once.
  [[nodiscard]] virtual std::unique_ptr<Stage> make_entry() { return nullptr; }
  [[nodiscard]] virtual StageLoad load() const { return {}; }
  /// timeout=, of those that take it and have no argument of their own for it: how long one record may take
  /// here before it fails as late. 0: however long. Before `run`.
  void set_timeout(async::Duration timeout) noexcept { timeout_ = timeout; }

 protected:
  async::Duration timeout_{0};
};

/// Work on one record at a time that waits for something: a file, a process, a thread.
class RecordStage : public UsesPrograms {
 public:
  /// Called for records that have not failed, for up to `n` of them at once.
  virtual async::Task<void> apply(Record& record) = 0;
};

/// Work on one record at a time that waits for nothing else. Neighbours share a task.
class RecordOp : public UsesPrograms {
 public:
  enum class Verdict : std::uint8_t {
    pass,
    drop,  // the record counts as skipped
    last,  // pass this one on and take no more
  };
  /// Called for records that have not failed. `view` looks at the record; say so when that changes.
  virtual Verdict apply(Record& record, RecordView& view) = 0;
  /// Whether it has to wait with this record for a thread, since its work is long, or for the journal: then
  /// `prepare` is awaited before `apply`. Cancelled, it lets go of the record at once.
  [[nodiscard]] virtual bool is_long(const Record& /*record*/) const noexcept { return false; }
  virtual async::Task<void> prepare(Record& /*record*/, RecordView& /*view*/) { co_return; }
  /// Of an extractor whose use of the page is movable: it works where a neighbour's XPath does, so that the
  /// page is parsed once. Before any record.
  virtual void run_elsewhere() {}
  /// It has taken its last one in a run before.
  [[nodiscard]] virtual bool is_over() const noexcept { return false; }
};

/// Where records end.
class Sink : public UsesPrograms {
 public:
  /// Before any task starts.
  virtual Status open() { return std::nullopt; }
  virtual async::Task<Status> run(RecordReceiver in) = 0;
  /// Settles the tickets of what is through meanwhile, so that counts are true at any time.
  virtual void settle() {}
  /// How many records have ended here.
  [[nodiscard]] virtual std::uint64_t ended() const = 0;
  [[nodiscard]] virtual StageLoad load() const { return StageLoad(StageRole::sink); }
  /// timeout=, as a Stage's.
  void set_timeout(async::Duration timeout) noexcept { timeout_ = timeout; }
  /// on-error={…}: where records go that fail here and nowhere else. Without it they end here. Before `run`,
  /// which lets go of it at its end.
  void set_on_error(RecordSender block) noexcept { on_error_.emplace(std::move(block)); }

 protected:
  async::Duration timeout_{0};
  std::optional<RecordSender> on_error_;
};

using AnyStage = std::variant<std::unique_ptr<Source>, std::unique_ptr<Stage>, std::unique_ptr<RecordStage>,
                              std::unique_ptr<RecordOp>, std::unique_ptr<Sink>>;

}  // namespace leat::pipelines
