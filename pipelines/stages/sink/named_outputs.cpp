#include "pipelines/stages/sink/named_outputs.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/http/message/url_parts.hpp"
#include "pipelines/result/file_name.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

std::optional<NameTemplate> output_template(const std::string& to) {
  if (to.find_first_of("{}") == to.npos) return std::nullopt;
  auto parsed = NameTemplate::parse(to);
  auto& name = std::get<NameTemplate>(parsed);
  const auto& parts = name.parts();
  const bool has_fields =
      std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.is_field; });
  return has_fields ? std::optional(std::move(name)) : std::nullopt;
}

std::string literal_path(const std::string& to) {
  if (to.find_first_of("{}") == to.npos) return to;
  std::string path;
  const auto pieces = parse_template(to);
  for (const auto& piece : std::get<std::vector<TemplatePiece>>(pieces)) path += piece.text;
  return path;
}

std::optional<TextFault> check_output(const std::string& to) {
  if (to.find_first_of("{}") == to.npos) return std::nullopt;
  return check_name_template(to);
}

Result<std::string> NamedOutputs::path_of(const Record& record) const {
  http::UrlParts url;
  if (auto parsed = http::parse_url(record.request.url.text())) url = std::move(*parsed);
  NameSource source = name_source_of(record, url);
  RecordView view;
  view.look_at(record);
  source.record = &view;
  return expand_name(name_, source);
}

async::Task<Result<OutputGroup*>> NamedOutputs::find(const Record& record) {
  auto path = path_of(record);
  if (!path) co_return std::move(path.error());
  Entry& entry = entries_[*path];
  entry.used = ++calls_;
  if (entry.is_open) co_return &entry.group;
  if (open_.size() >= kMostOpen) {
    auto closing = close_oldest();
    if (auto error = co_await std::move(closing)) co_return std::move(*error);
  }
  auto opened = outputs_.open_below(base_, *path, standing_);
  if (!opened) co_return std::move(opened.error());
  entry.group.files = {*opened};
  entry.is_open = true;
  open_.push_back(&entry);
  co_return &entry.group;
}

async::Task<Status> NamedOutputs::close_oldest() {
  const auto oldest = std::min_element(open_.begin(), open_.end(),
                                       [](const Entry* a, const Entry* b) { return a->used < b->used; });
  Entry& entry = **oldest;
  OutputFile& file = *entry.group.files.front();
  auto draining = file.writer().drain();
  co_await std::move(draining);
  if (file.has_ended()) co_return output_error(file.path(), file.writer().error_number());
  entry.is_open = false;
  std::erase(open_, &entry);
  Outputs::release(file);
  co_return std::nullopt;
}

}  // namespace leat::pipelines
