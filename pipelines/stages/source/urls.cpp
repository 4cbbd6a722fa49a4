#include "pipelines/stages/source/urls.hpp"

#include "pipelines/stages/source/line_parser.hpp"

namespace leat::pipelines {

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

}  // namespace leat::pipelines
