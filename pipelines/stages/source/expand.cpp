#include "pipelines/stages/source/expand.hpp"

#include "pipelines/options/url_pattern.hpp"
#include "pipelines/stages/source/line_parser.hpp"

namespace leat::pipelines {

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
      const bool wanted = co_await emitter.emit(std::move(record));
      if (!wanted) co_return std::nullopt;
    }
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
