#include "pipelines/stages/source/expand.hpp"

#include <utility>

#include "pipelines/expr/json_text.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/options/url_pattern.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/source_row.hpp"

namespace leat::pipelines {

namespace {

/// expand: a record for each URL that patterns stand for, made one by one; see UrlPattern.
class Expand final : public Source {
 public:
  /// The patterns have been checked.
  Expand(ExpandArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override { stopped_ = true; }

 private:
  ExpandArgs args_;
  RunContext& context_;
  bool stopped_ = false;
};

std::string json_of(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const auto& text : texts) json += (json.size() > 1 ? "," : "") + json_text(text);
  return json + "]";
}

}  // namespace

async::Task<Status> Expand::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  for (const auto& text : args_.patterns) {
    const auto pattern = std::get<UrlPattern>(UrlPattern::compile(text));
    const std::uint64_t size = pattern.size();
    for (std::uint64_t i = 0; i < size; ++i) {
      if (stopped_) co_return std::nullopt;
      const std::string url = pattern.at(i);
      auto record = parse_url_argument(url);
      if (context_.leftovers != nullptr) record->source = url;
      if (args_.keep_choices) record->meta = json_of(pattern.choices_at(i));
      const bool wanted = co_await emitter.emit(std::move(record));
      if (!wanted) co_return std::nullopt;
    }
  }
  co_return std::nullopt;
}

const StageRow& row_of(const ExpandArgs& /*args*/) noexcept {
  static const StageType<ExpandArgs> row({
      .signature = {.name = "expand",
                    .kind = StageKind::source,
                    .help = "makes a record of each URL that curl's patterns stand for",
                    .example = "expand http://127.0.0.1:8080/ok/[1-3] | fetch",
                    .refuses = kRefusedBySources},
      .args = {arg<&ExpandArgs::patterns>({.name = "PATTERN",
                                           .type = ArgType::url,
                                           .help = "URLs with {a,b}, [1-100], [01-10:2], [a-z]",
                                           .required = true,
                                           .repeatable = true,
                                           .check = check_pattern}),
               arg<&ExpandArgs::keep_choices>(
                   {.key = "choices",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "put what was chosen into meta, as an array of texts (default false)"})},
      .make = make_stage<Source, Expand, ExpandArgs>,
      .facts = facts_of_source<ExpandArgs>,
      .notes = no_notes<ExpandArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
