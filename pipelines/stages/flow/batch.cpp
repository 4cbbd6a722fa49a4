#include "pipelines/stages/flow/batch.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/hash.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

namespace {

/// batch: one record for every `n`, whose `.meta.batch` is the array of theirs (each as it would be printed,
/// with its body where one is held), and `.meta.size` how many they are.
///
/// A batch is full at `n`, and goes on as it is when `within` has passed since its first record, and at the
/// end; with a shorter `timeout` it fails then. Its members are done when they are in it, for the journal
/// when the batch is; one that has failed goes on by itself.
class Batch final : public Stage {
 public:
  Batch(const BatchArgs& args, Births& births) : args_(args), births_(births) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  void add(RecordPtr record);
  void join(const Record& record);
  RecordPtr take();

  [[nodiscard]] bool is_too_long() const noexcept {
    return timeout_.count() > 0 && (args_.within.count() == 0 || timeout_ < args_.within);
  }

  BatchArgs args_;
  async::Duration wait_{0};  // for a batch to fill; 0: however long
  Births& births_;
  RecordView view_;
  RecordPtr made_;                          // from its first member on
  std::shared_ptr<JoinedFamilies> joined_;  // those of the members
  std::string members_;
  std::size_t size_ = 0;
  async::TimePoint due_;
};

}  // namespace

async::Task<Status> Batch::run(RecordReceiver in, RecordSender out) {
  Emitter emitter(births_, out);
  wait_ = is_too_long() ? timeout_ : args_.within;
  const bool timed = wait_.count() > 0;
  for (bool ended = false; !ended;) {
    std::optional<std::optional<RecordPtr>> got;
    if (timed && made_) {
      auto waiting = next_within(in, due_ - births_.loop.now());
      got = co_await std::move(waiting);
    } else {
      got.emplace(co_await in.next());
    }
    ended = got && !*got;
    if (got && *got) {
      RecordPtr record = std::move(**got);
      if (record->failed()) {
        const bool wanted = co_await out.send(std::move(record));
        if (!wanted) co_return std::nullopt;
        continue;
      }
      add(std::move(record));
    }
    const bool late = timed && made_ && due_ <= births_.loop.now();
    if (made_ && (ended || late || size_ >= args_.n)) {
      if (late && is_too_long() && size_ < args_.n) made_->fail(late_error(timeout_), "batch");
      const bool wanted = co_await emitter.emit(take());
      if (!wanted) co_return std::nullopt;
    }
  }
  co_return std::nullopt;
}

void Batch::add(RecordPtr record) {
  if (!made_) {
    made_ = descend(*record, 0);
    made_->meta.clear();
    made_->inherited.clear();
    due_ = births_.loop.now() + wait_;
    members_ = "[";
  } else {
    made_->id = text::mix64(made_->id ^ record->id);  // another run may batch others with the first
    members_ += ',';
    join_own_origin(*made_, *record);
  }
  view_.look_at(*record);
  members_ += view_.text();
  ++size_;
  join(*record);
  record->ticket.settle(record->outcome);
}

// The journal is to wait for all members until the batch is done.
void Batch::join(const Record& record) {
  if (!record.ticket.family()) return;
  if (size_ == 1) {
    joined_ = std::make_shared<JoinedFamilies>();
    made_->ticket.belong_to(joined_);
  }
  joined_->add(record.ticket.family());
}

RecordPtr Batch::take() {
  made_->meta = "{\"size\":" + std::to_string(size_) + ",\"batch\":" + std::exchange(members_, {}) + "]}";
  size_ = 0;
  joined_.reset();
  return std::move(made_);
}

const StageRow& row_of(const BatchArgs& /*args*/) noexcept {
  static const StageType<BatchArgs> row({
      .signature = {.name = "batch",
                    .kind = StageKind::stage,
                    .help = "makes one record of several: .meta.batch is the array of them",
                    .example = "lines \"urls.txt\" | batch n=2 within=1s",
                    .verify = [](const BoundStage& stage) -> std::optional<std::string> {
                      if (stage.find("n") != nullptr || stage.find("within") != nullptr)
                        return verify_waiting(stage);
                      return "\"batch\" takes n=, within= or both";
                    }},
      .args = {arg<&BatchArgs::n>({.key = "n",
                                   .name = "N",
                                   .type = ArgType::count,
                                   .help = "records in one batch",
                                   .least = 1,
                                   .most = 1'000'000}),
               arg<&BatchArgs::within>(
                   {.key = "within",
                    .name = "T",
                    .type = ArgType::duration,
                    .help = "a batch goes on after T even if it is not full (default never)",
                    .least = 1})},
      .make = make_stage<Stage, Batch, BatchArgs>,
      .facts =
          [](const BatchArgs& args) {
            return StageFacts{.reads_body = true,
                              .ends_by_itself = false,
                              .reach = 0,
                              .url = UrlUse::of_others,
                              .waits_for_more = args.within.count() == 0};
          },
      .notes = [](const BatchArgs& args) -> std::string {
        if (args.n == 0) return "holds what comes within its time";
        return fmt::format("holds up to {} records", args.n);
      },
  });
  return row;
}

}  // namespace leat::pipelines
