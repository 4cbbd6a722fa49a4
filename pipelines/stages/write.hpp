#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "pipelines/plan.hpp"
#include "pipelines/stages/result_json.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// write: a line of JSON for each record, handed to the output as soon as nothing is ready behind it.
///
/// A record's ticket is settled when its line is through. Once the output is closed or has failed, records
/// are dropped, and count as cancelled.
class Write final : public Sink {
 public:
  Write(WriteArgs args, RunContext& context) : args_(args), json_(std::move(args)), context_(context) {}

  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  void settle() override;

 private:
  struct Pending {
    Pending(std::uint64_t e, Outcome o, Ticket t) noexcept : end(e), outcome(o), ticket(std::move(t)) {}
    std::uint64_t end;  // of its line, in bytes since the start
    Outcome outcome;
    Ticket ticket;
  };
  static constexpr std::size_t kSettleEvery = 256;

  void append(Record& record);

  WriteArgs args_;
  std::unique_ptr<LineFormat> format_;
  RunContext& context_;
  std::vector<io::OutputWriter*> outputs_;
  std::deque<Pending> pending_;
};

}  // namespace leat::pipelines
