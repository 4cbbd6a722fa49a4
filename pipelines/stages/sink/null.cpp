#include "pipelines/stages/sink/null.hpp"

#include <cstdint>

#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

namespace {

class Null final : public Sink {
 public:
  Null(const NullArgs& /*args*/, RunContext& context) noexcept : context_(context) {}

  async::Task<Status> run(RecordReceiver in) override {
    for (;;) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      context_.failures.add(context_.failures.note(**record));
      (*record)->ticket.settle((*record)->outcome);
      ++ended_;
    }
  }
  [[nodiscard]] std::uint64_t ended() const override { return ended_; }

 private:
  RunContext& context_;
  std::uint64_t ended_ = 0;
};

}  // namespace

const StageRow& row_of(const NullArgs& /*args*/) noexcept {
  static const StageType<NullArgs> row({
      .signature = {.name = "null",
                    .kind = StageKind::sink,
                    .help = "takes records and prints nothing",
                    .example = "lines \"urls.txt\" | fetch | null",
                    .refuses = {.on_error = "no record fails in it",
                                .timeout = "it takes no time",
                                .n = "it does nothing"}},
      .make = make_stage<Sink, Null, NullArgs>,
      .facts =
          [](const NullArgs&) { return StageFacts{.reads_body = false, .ends_by_itself = true, .reach = 0}; },
      .notes = no_notes<NullArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
