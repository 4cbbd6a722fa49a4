#include "pipelines/stages/urls.hpp"

#include "pipelines/stages/line_parser.hpp"

namespace leat::pipelines {

async::Task<Status> Urls::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  for (const auto& url : args_.urls) {
    if (stopped_) break;
    const bool wanted = co_await emitter.emit(parse_url_argument(url));
    if (!wanted) break;
  }
  co_return std::nullopt;
}

}  // namespace leat::pipelines
