#include "pipelines/planner.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "pipelines/expr/template.hpp"
#include "pipelines/stages/fetch.hpp"
#include "pipelines/stages/save.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::pipelines {

namespace {

/// A record stage with a queue on either side.
class OneByOne final : public Stage {
 public:
  explicit OneByOne(RecordStage& work) noexcept : work_(work) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override {
    for (;;) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      if (!(*record)->failed()) {
        auto working = work_.apply(**record);
        co_await std::move(working);
      }
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
    }
  }

 private:
  RecordStage& work_;
};

template <class Args>
bool is(const StageArgs& args) noexcept {
  return std::holds_alternative<Args>(args);
}

/// Builds one plan's stages, front to back.
class Planner {
 public:
  Planner(const Plan& plan, RunContext& context) : stages_(plan.stages), context_(context) {}

  Result<Pipeline> build() {
    for (at_ = 0; at_ < stages_.size(); ++at_) {
      auto made = stage_row(stages_[at_]).make(stages_[at_], context_);
      if (!made) return made.error();
      pipeline_.names.emplace_back(stage_row(stages_[at_]).name);
      if (auto error = std::visit([&](auto& stage) { return add(std::move(stage)); }, *made)) return *error;
    }
    return std::move(pipeline_);
  }

 private:
  Status add(std::unique_ptr<Source> source) {
    pipeline_.source = std::move(source);
    return std::nullopt;
  }
  Status add(std::unique_ptr<Sink> sink) {
    pipeline_.sink = std::move(sink);
    return std::nullopt;
  }
  Status add(std::unique_ptr<RecordStage> work) {
    pipeline_.stages.push_back(std::make_unique<OneByOne>(*work));
    pipeline_.fused.push_back(std::move(work));
    return std::nullopt;
  }
  Status add(std::unique_ptr<Stage> stage) {
    if (is<OrderedArgs>(stages_[at_]))
      context_.order_window.emplace(std::get<OrderedArgs>(stages_[at_]).window);
    Status error;
    if (is<FetchArgs>(stages_[at_])) error = fuse_save(static_cast<Fetch&>(*stage));
    pipeline_.stages.push_back(std::move(stage));
    return error;
  }

  // A `save` that comes next, or, where none does, one for the lines that bring an "output" of their own.
  Status fuse_save(Fetch& fetch) {
    const bool next = at_ + 1 < stages_.size() && is<SaveArgs>(stages_[at_ + 1]);
    if (next) pipeline_.names.back() += "+save";
    auto save = Save::make(next ? std::get<SaveArgs>(stages_[++at_]) : SaveArgs());
    if (!save) return save.error();
    fetch.set_body_use(body_is_read(), save->get());
    pipeline_.fused.push_back(std::move(*save));
    return std::nullopt;
  }

  [[nodiscard]] bool body_is_read() const {
    return std::any_of(stages_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, stages_.end(),
                       [](const StageArgs& args) {
                         const auto* write = std::get_if<WriteArgs>(&args);
                         return is<SaveArgs>(args) || (write != nullptr && write->include_body);
                       });
  }

  const std::vector<StageArgs>& stages_;
  RunContext& context_;
  Pipeline pipeline_;
  std::size_t at_ = 0;
};

Error misplaced(const StageArgs& args, const char* why) {
  return Error(Errc::bad_input, "\"" + std::string(stage_row(args).name) + "\" " + why);
}

}  // namespace

Status check_plan(const Plan& plan) {
  if (plan.stages.empty()) return Error(Errc::bad_input, "the plan has no stage");
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const StageArgs& args = plan.stages[i];
    const StageKind kind = stage_row(args).kind;
    if ((i == 0) != (kind == StageKind::source)) {
      return misplaced(args, i == 0 ? "is no source: a plan begins with one" : "is a source: it comes first");
    }
    if ((i + 1 == plan.stages.size()) != (kind == StageKind::sink)) {
      return misplaced(args, kind == StageKind::sink ? "is an end: nothing comes after it"
                                                     : "is no end: a plan ends with one");
    }
    if (const auto* fetch = std::get_if<FetchArgs>(&args); fetch != nullptr && fetch->n == 0) {
      return misplaced(args, "takes n of at least 1");
    }
    if (const auto* fetch = std::get_if<FetchArgs>(&args); fetch != nullptr && fetch->threads == 0) {
      return misplaced(args, "takes threads of at least 1");
    }
    if (const auto* ordered = std::get_if<OrderedArgs>(&args); ordered != nullptr && ordered->window == 0) {
      return misplaced(args, "takes a window of at least 1");
    }
    if (const auto* save = std::get_if<SaveArgs>(&args); save != nullptr && !save->file_template.empty()) {
      if (auto compiled = NameTemplate::compile(save->file_template); !compiled) return compiled.error();
    }
  }
  return std::nullopt;
}

Result<Pipeline> build_pipeline(const Plan& plan, RunContext& context) {
  if (auto error = check_plan(plan)) return std::move(*error);
  return Planner(plan, context).build();
}

}  // namespace leat::pipelines
