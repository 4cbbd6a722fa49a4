#include "pipelines/stages/network/upload.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/percent.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

Upload::Upload(const std::string& text) : name_(compile_template(text)) {}

Status Upload::apply(Record& record, RecordView& view) const {
  http::Request& request = record.request;
  request.upload.clear();
  view.look_at(record);
  if (auto error = name_.expand(view, request.upload)) return error;
  std::string url = request.url.text();
  const std::size_t end = std::min(url.find_first_of("?#"), url.size());
  if (end > 0 && url[end - 1] == '/') {
    url.insert(end, text::percent_encoded(request.upload.substr(request.upload.rfind('/') + 1)));
    request.url = http::Url(std::move(url));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
