#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/async/as_completed.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Counts how many of a stage's records are being worked on, for its StageLoad; nothing waits here. Loop
/// thread only. Outlives its uses.
class Places {
 public:
  explicit Places(std::size_t all) noexcept : all_(all) {}

  [[nodiscard]] std::size_t all() const noexcept { return all_; }
  [[nodiscard]] StageLoad load() const noexcept {
    StageLoad load;
    load.role = StageRole::pool;
    load.busy = used_;
    load.slots = all_;
    return load;
  }

  /// Is held while one record is worked on.
  class Use {
   public:
    explicit Use(Places& places) noexcept : places_(places) { ++places_.used_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { --places_.used_; }

   private:
    Places& places_;
  };

 private:
  std::size_t all_;
  std::size_t used_ = 0;
};

/// Lets go of a stage's sender when the stage ends, however that comes.
class Closing {
 public:
  explicit Closing(RecordSender& sender) noexcept : sender_(sender) {}
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
  ~Closing() { sender_ = RecordSender(); }

 private:
  RecordSender& sender_;
};

/// Sends a list of records. False if nobody wants them any more.
inline async::Task<bool> send_all(RecordSender& out, std::vector<RecordPtr> records) {
  for (auto& record : records) {
    const bool wanted = co_await out.send(std::move(record));
    if (!wanted) co_return false;
  }
  co_return true;
}

/// Sends records, or lists of records, on as they complete, until there are no more or nobody wants them.
/// However it ends: the work that still ran has been cancelled and is over, and `in`, from which the results
/// are made, is closed, so that the stage before ends too. A record that is null has ended. `taken` is called
/// after each result.
template <class In, class Out, class Fn>
async::Task<void> pass_on(async::AsCompleted<In, Out>& results, RecordReceiver& in, RecordSender out,
                          Fn taken) {
  bool cancelled = false;
  try {
    for (;;) {
      auto waiting = results.next();
      auto done = co_await std::move(waiting);
      if (!done) break;
      if constexpr (std::is_same_v<Out, RecordPtr>) {
        auto record = done->take();
        if (record != nullptr) {
          const bool wanted = co_await out.send(std::move(record));
          if (!wanted) break;
        }
      } else {
        auto sending = send_all(out, done->take());
        const bool wanted = co_await std::move(sending);
        if (!wanted) break;
      }
      taken();
    }
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    const async::CancelShield shield;
    auto ending = results.stop();
    co_await std::move(ending);
  }
  in = RecordReceiver();
  if (cancelled) throw async::Cancelled{};
}

template <class In, class Out>
async::Task<void> pass_on(async::AsCompleted<In, Out>& results, RecordReceiver& in, RecordSender out) {
  return pass_on(results, in, std::move(out), [] {});
}

/// Runs a RecordStage for up to `n` records at once, and passes them on as they are done.
class Workers final : public Stage {
 public:
  /// `timeout` is for one record, which fails at the stage of that `name` when it is over; 0: none.
  Workers(std::unique_ptr<RecordStage> work, std::size_t n, async::Duration timeout,
          const char* name) noexcept
      : work_(std::move(work)), places_(n), name_(name) {
    set_timeout(timeout);
  }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return places_.load(); }

 private:
  async::Task<std::optional<RecordPtr>> pull();
  async::Task<RecordPtr> apply(RecordPtr record);

  std::unique_ptr<RecordStage> work_;
  Places places_;
  const char* name_;
  RecordReceiver in_;
};

}  // namespace leat::pipelines
