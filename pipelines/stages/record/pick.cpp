#include "pipelines/stages/record/pick.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/hash.hpp"

namespace leat::pipelines {

namespace {

constexpr std::uint64_t kSeed = 0;  // its key

std::uint64_t left_of(std::uint64_t n, const StageMemory& memory) {
  return n - std::min<std::uint64_t>(n, memory.known());
}

}  // namespace

Limit::Limit(const LimitArgs& args, RunContext& context)
    : memory_(context), left_(left_of(args.n, memory_)), again_(memory_.unfinished()) {}

bool Limit::is_long(const Record& record) const noexcept {
  return memory_.is_kept() && left_ > 0 && !memory_.find(record.id);
}

async::Task<void> Limit::prepare(Record& record, RecordView& /*view*/) {
  let_pass(record);
  auto committing = memory_.commit();
  co_await std::move(committing);
  prepared_ = true;
}

void Limit::let_pass(const Record& record) {
  const auto& entry = record.ticket.entry();
  memory_.keep(record.id, entry ? entry->root_id() : 0);
  --left_;
}

RecordOp::Verdict Limit::apply(Record& record, RecordView& /*view*/) {
  if (std::exchange(prepared_, false)) {
    // It was let pass there.
  } else if (memory_.find(record.id)) {
    if (again_ > 0) --again_;
  } else if (left_ > 0) {
    let_pass(record);
  } else {
    return Verdict::drop;
  }
  return is_over() ? Verdict::last : Verdict::pass;
}

Skip::Skip(const SkipArgs& args, RunContext& context) : memory_(context), left_(left_of(args.n, memory_)) {}

bool Skip::is_long(const Record& /*record*/) const noexcept {
  return memory_.is_kept() && left_ == 0 && !committed_;
}

async::Task<void> Skip::prepare(Record& /*record*/, RecordView& /*view*/) {
  auto committing = memory_.commit();
  co_await std::move(committing);
  committed_ = true;
}

RecordOp::Verdict Skip::apply(Record& record, RecordView& /*view*/) {
  if (memory_.find(record.id)) return Verdict::drop;
  if (left_ == 0) return Verdict::pass;
  --left_;
  memory_.keep(record.id, 0);
  return Verdict::drop;
}

Sample::Sample(const SampleArgs& args, RunContext& context)
    : memory_(context),
      seed_(memory_.find(kSeed).value_or(args.seed != 0 ? args.seed : std::random_device()())),
      random_(seed_),
      chosen_(args.fraction) {
  memory_.keep(kSeed, seed_);
}

RecordOp::Verdict Sample::apply(Record& record, RecordView& /*view*/) {
  if (memory_.is_kept()) random_.seed(text::mix64(seed_ ^ text::mix64(record.id)));
  return chosen_(random_) ? Verdict::pass : Verdict::drop;
}

}  // namespace leat::pipelines
