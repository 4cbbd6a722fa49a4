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

/// What kind of work a stage does, which decides what can hold it up.
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
  std::size_t busy = 0;     // slots in use
  std::size_t slots = 0;    // 0: it has none
  std::size_t backlog = 0;  // records inside that wait
  std::size_t at_hosts =
      0;  // of these, the ones that wait for their host: it is parked, at its cap or its rate
  std::uint64_t failed = 0;  // records that failed here and were counted nowhere else
  bool rate_holds = false;   // a slot is free, but no start is due
  bool no_room = false;      // the reader of an output is behind
};

using RecordSender = Sender<RecordPtr>;
using RecordReceiver = Receiver<RecordPtr>;

// The kinds of stage. A Status that is an Error ends the whole run. What goes wrong with one record is that
// record's `error`, and a record that has failed is passed on untouched. A stage that returns drops its ends
// of the channels, and so its neighbours end one after the other. A stage whose records nobody wants any more
// is cancelled. Each stage outlives the task of its `run`.

class Program;
class RecordView;
class StageArgs;

/// Any kind of stage says which jq programs it evaluates.
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
  /// The part of the input that has become records, 0 to 1, if that can be told.
  [[nodiscard]] virtual std::optional<double> part_read() const noexcept { return std::nullopt; }
};

/// What is done with the bodies that a stage fetches.
enum class BodyUse : std::uint8_t {
  none,
  bytes,  // they are held in memory as they came
  text,   // they are held to be read, and unpacked for that where they are compressed
};

/// What the planner arranges with a stage that fetches, before it runs.
class Fetching {
 public:
  virtual ~Fetching() = default;
  /// `use`: what stages behind it do with bodies. `save`: the arguments of the stage behind it whose files it
  /// is to write as the bytes come; null if there is none. bad_input.
  virtual Status set_body_use(BodyUse use, const StageArgs* save) = 0;
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
  /// Sets timeout=, for stages that take it and have no argument of their own for it: how long one record may
  /// take here before it fails as late. 0 stands for no limit. Is called before `run`.
  void set_timeout(async::Duration timeout) noexcept { timeout_ = timeout; }

 protected:
  async::Duration timeout_{0};
};

/// Work on one record at a time that waits for something: a file, a process, a thread.
class RecordStage : public UsesPrograms {
 public:
  /// Is called for records that have not failed, for up to `n` of them at once.
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
  /// Is called for records that have not failed. `view` looks at the record; who changes the record tells it
  /// so (RecordView::forget).
  virtual Verdict apply(Record& record, RecordView& view) = 0;
  /// Whether `prepare` must be awaited before `apply`: the work on this record is long and is done by a
  /// thread, or the journal has to be waited for. When `prepare` is cancelled it lets go of the record at
  /// once.
  [[nodiscard]] virtual bool is_long(const Record& /*record*/) const noexcept { return false; }
  virtual async::Task<void> prepare(Record& /*record*/, RecordView& /*view*/) { co_return; }
  /// Is called, before any record, for an extractor whose use of the page is movable: it works where a
  /// neighbour's XPath does, so that the page is parsed once.
  virtual void run_elsewhere() {}
  /// Whether it took its last record in a run before.
  [[nodiscard]] virtual bool is_over() const noexcept { return false; }
};

/// Where records end.
class Sink : public UsesPrograms {
 public:
  /// Is called before any task starts.
  virtual Status open() { return std::nullopt; }
  virtual async::Task<Status> run(RecordReceiver in) = 0;
  /// Settles the tickets of records whose lines have been written meanwhile, so that counts are true at any
  /// time.
  virtual void settle() {}
  /// How many records have ended here.
  [[nodiscard]] virtual std::uint64_t ended() const = 0;
  [[nodiscard]] virtual StageLoad load() const { return StageLoad(StageRole::sink); }
  /// As Stage::set_timeout.
  void set_timeout(async::Duration timeout) noexcept { timeout_ = timeout; }
  /// Sets on-error={…}: the block to which those records go that fail here and nowhere else. Without a block
  /// they end here. Is called before `run`, which lets go of the block at its end.
  void set_on_error(RecordSender block) noexcept { on_error_.emplace(std::move(block)); }

 protected:
  async::Duration timeout_{0};
  std::optional<RecordSender> on_error_;
};

using AnyStage = std::variant<std::unique_ptr<Source>, std::unique_ptr<Stage>, std::unique_ptr<RecordStage>,
                              std::unique_ptr<RecordOp>, std::unique_ptr<Sink>>;

}  // namespace leat::pipelines
