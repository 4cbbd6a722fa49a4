#include "pipelines/stages/source/urls.hpp"

#include <utility>

#include "pipelines/flow/births.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/source_row.hpp"

namespace leat::pipelines {

namespace {

/// urls: a record for each URL that the plan itself names.
class Urls final : public Source {
 public:
  Urls(UrlsArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override { stopped_ = true; }

 private:
  UrlsArgs args_;
  RunContext& context_;
  bool stopped_ = false;
};

}  // namespace

async::Task<Status> Urls::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  for (const auto& url : args_.urls) {
    if (stopped_) break;
    auto record = parse_url_argument(url);
    if (context_.leftovers != nullptr) record->source = url;
    const bool wanted = co_await emitter.emit(std::move(record));
    if (!wanted) break;
  }
  co_return std::nullopt;
}

const StageRow& row_of(const UrlsArgs& /*args*/) noexcept {
  static const StageType<UrlsArgs> row({
      .signature = {.name = "urls",
                    .kind = StageKind::source,
                    .help = "makes a record of each URL that is named here",
                    .example =
                        "let page = 2; urls http://127.0.0.1:8080/a \"http://127.0.0.1:8080/ok/{$page}\" "
                        "| fetch",
                    .refuses = kRefusedBySources},
      .args = {arg<&UrlsArgs::urls>({.name = "URL",
                                     .type = ArgType::url,
                                     .help = "a URL to fetch",
                                     .required = true,
                                     .repeatable = true})},
      .make = make_stage<Source, Urls, UrlsArgs>,
      .facts = facts_of_source<UrlsArgs>,
      .notes = no_notes<UrlsArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
