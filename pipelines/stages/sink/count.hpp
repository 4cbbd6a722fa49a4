#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// count: prints, at the end, {"count":N}; with `by=` a line {"key":…,"count":N} for each output of the
/// program, the most frequent first. Failed records count like others, with the key null
/// where the program gives none for them. One that it fails for fails here.
class Count final : public Sink {
 public:
  Count(const CountArgs& args, RunContext& context);
  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;
  [[nodiscard]] std::uint64_t ended() const override { return all_; }
  [[nodiscard]] StageLoad load() const override;

 private:
  /// False for a record that goes into the on-error block instead.
  bool add(Record& record, bool has_block);
  Status keys_of(const Record& record);
  [[nodiscard]] std::string text() const;

  CountArgs args_;
  RunContext& context_;
  std::optional<Program> by_;
  io::OutputWriter* output_ = nullptr;
  RecordView view_;
  JsonTexts outputs_;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t all_ = 0;
  std::uint64_t failed_ = 0;  // here
  std::vector<Ticket> kept_;  // what the journal waits for until the sums are printed
};

}  // namespace leat::pipelines
