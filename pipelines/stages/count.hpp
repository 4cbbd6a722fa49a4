#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/plan.hpp"
#include "pipelines/stages/program.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// count: prints, at the end, {"count":N}; with `by=` a line {"key":…,"count":N} for each output of the
/// program, the most frequent first. Failed records count like others.
class Count final : public Sink {
 public:
  Count(const CountArgs& args, RunContext& context);
  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;
  [[nodiscard]] std::uint64_t ended() const override { return all_; }

 private:
  void add(const Record& record);
  [[nodiscard]] std::string text() const;

  CountArgs args_;
  RunContext& context_;
  std::optional<Program> by_;
  io::OutputWriter* output_ = nullptr;
  RecordView view_;
  JsonTexts outputs_;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t all_ = 0;
  std::vector<Ticket> kept_;  // what the journal waits for until the sums are printed
};

}  // namespace leat::pipelines
