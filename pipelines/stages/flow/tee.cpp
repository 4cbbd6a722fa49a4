#include "pipelines/stages/flow/tee.hpp"

#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

namespace {

async::Task<void> send_copy(RecordSender& branch, RecordPtr copy) { co_await branch.send(std::move(copy)); }

/// tee: a copy of each record goes through a block of its own, the record itself goes on. Copies hold no
/// ticket: what comes of them is not counted. The slower of the two branches sets the pace; a record whose
/// copy the block takes no room for within `timeout` fails.
class Tee final : public Stage {
 public:
  Tee(const TeeArgs& /*args*/, RunContext& context) noexcept : context_(context) {}

  void set_block(RecordSender into, RecordReceiver /*back*/) noexcept override { branch_ = std::move(into); }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<void> copy(RecordSender& branch, Record& record) const;

  RunContext& context_;
  RecordSender branch_;
};

}  // namespace

async::Task<void> Tee::copy(RecordSender& branch, Record& record) const {
  if (branch.closed()) co_return;
  auto copy = copy_of(record, context_.body_budget);
  if (branch.try_send(copy)) co_return;
  auto sending = send_copy(branch, std::move(copy));
  if (timeout_.count() == 0 || record.failed()) {
    co_await std::move(sending);
    co_return;
  }
  bool late = false;
  try {
    auto limited = async::wait_for(std::move(sending), timeout_);
    co_await std::move(limited);
  } catch (const async::TimeoutError&) {
    late = true;
  }
  if (late) record.fail(late_error(timeout_), "tee");
}

async::Task<Status> Tee::run(RecordReceiver in, RecordSender out) {
  RecordSender branch = std::move(branch_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    auto copying = copy(branch, **record);
    co_await std::move(copying);
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

const StageRow& row_of(const TeeArgs& /*args*/) noexcept {
  static const StageType<TeeArgs> row({
      .signature = {.name = "tee",
                    .kind = StageKind::stage,
                    .help = "sends a copy of each record through a block as well",
                    .example = "lines \"urls.txt\" | fetch | tee { where (.status >= 400) | write json "
                               "to=\"bad.jsonl\" } | write csv fields=url,status",
                    .verify = verify_waiting,
                    .refuses = {.n = "the stages in its block take n="}},
      .args = {arg<&TeeArgs::block>(
          {.name = "{…}", .type = ArgType::block, .help = "where the copies go", .required = true})},
      .make = make_stage<Stage, Tee, TeeArgs>,
      .facts =
          [](const TeeArgs& args) {
            return StageFacts{.reads_body = reads_body(args.block), .ends_by_itself = false, .reach = 0};
          },
      .notes = no_notes<TeeArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
