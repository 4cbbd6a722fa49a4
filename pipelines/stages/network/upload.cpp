#include "pipelines/stages/network/upload.hpp"

#include <algorithm>

#include "engine/http/message/url.hpp"
#include "engine/text/percent.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

Upload::Upload(const std::string& text) : name_(compile_template(text)) {}

Status Upload::apply(Record& record, RecordView& view) const {
  http::Request& request = record.request;
  request.upload.clear();
  view.look_at(record);
  if (auto error = name_.expand(view, request.upload)) return error;
  const std::size_t end = std::min(request.url.find_first_of("?#"), request.url.size());
  if (end > 0 && request.url[end - 1] == '/') {
    request.url.insert(end, text::percent_encoded(request.upload.substr(request.upload.rfind('/') + 1)));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
