#include "pipelines/stages/network/request_body.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include "engine/http/message/form_data.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kType = ";type=";

bool is_content_type(std::string_view field) noexcept {
  constexpr std::string_view kName = "content-type";
  return text::equal_ignoring_case(field.substr(0, field.find_first_of(":;")), kName);
}

bool any_is_content_type(const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const auto& field) { return is_content_type(field); });
}

Result<std::string> content_of(const std::string& name, std::uint64_t limit) {
  std::ifstream file(name, std::ios::binary | std::ios::ate);
  const auto size = file ? static_cast<std::int64_t>(file.tellg()) : -1;
  if (size < 0) {
    return Error(Errc::file_error,
                 "can't read the file \"" + name + "\" that a part sends: " + std::strerror(errno));
  }
  if (limit > 0 && static_cast<std::uint64_t>(size) > limit) {
    return Error(Errc::file_error, "the file \"" + name +
                                       "\" that a part sends is longer than body-limit; "
                                       "upload= sends files of any length");
  }
  std::string content(static_cast<std::size_t>(size), '\0');
  file.seekg(0);
  if (size > 0 && !file.read(content.data(), size)) {
    return Error(Errc::file_error, "can't read the file \"" + name + "\" that a part sends");
  }
  return content;
}

}  // namespace

bool body_reads_body(const FetchArgs& args) {
  const auto reads = [](const std::string& text) { return template_reads_body(text); };
  return program_reads_body(args.json) || (args.upload && reads(*args.upload)) ||
         std::any_of(args.form.begin(), args.form.end(), reads) ||
         std::any_of(args.parts.begin(), args.parts.end(), reads);
}

bool request_reads_answer(const FetchArgs& args) {
  const auto reads = [](const std::string& text) { return template_reads_answer(text); };
  const auto changes = [&](const auto& change) {
    const auto* program = std::get_if<ProgramText>(&change.second);
    return program != nullptr ? program_reads_answer(program->text)
                              : reads(std::get<TemplateText>(change.second).text);
  };
  return program_reads_answer(args.json) || (args.upload && reads(*args.upload)) ||
         std::any_of(args.form.begin(), args.form.end(), reads) ||
         std::any_of(args.parts.begin(), args.parts.end(), reads) ||
         std::any_of(args.shape.begin(), args.shape.end(), changes);
}

// What a field brings can't turn a value into the name of a file: the @ stands in the spec.
RequestBody::Pair RequestBody::pair_of(const std::string& text, bool may_be_file) {
  const auto equals = text.find('=');
  std::string value = text.substr(equals + 1);
  const bool is_file = may_be_file && value.starts_with('@');
  std::string type;
  if (is_file) {
    value.erase(0, 1);
    if (const auto at = value.rfind(kType); at != std::string::npos) {
      type = value.substr(at + kType.size());
      value.erase(at);
    }
  }
  return {text.substr(0, equals), compile_template(value), is_file, std::move(type)};
}

RequestBody::RequestBody(const FetchArgs& args)
    : limit_(args.body_limit), has_own_type_(any_is_content_type(args.client.headers)) {
  if (!args.json.empty()) json_.emplace(args.json);
  for (const auto& text : args.form) form_.push_back(pair_of(text, false));
  for (const auto& text : args.parts) parts_.push_back(pair_of(text, true));
}

std::vector<const Program*> RequestBody::programs() const {
  if (!json_) return {};
  return {&*json_};
}

void RequestBody::set_type(Record& record, const std::string& type) const {
  auto& headers = record.request.headers;
  if (!has_own_type_ && !any_is_content_type(headers)) headers.push_back("Content-Type: " + type);
}

Status RequestBody::apply(Record& record, RecordView& view) {
  view.look_at(record);
  if (json_) return make_json(record, view);
  if (!form_.empty()) return make_form(record, view);
  return make_parts(record, view);
}

Status RequestBody::make_json(Record& record, RecordView& view) {
  if (auto error = json_->outputs(record, view, outputs_)) return error;
  if (outputs_.empty()) return Error(Errc::filter_error, "the program of json= gave no output to send");
  record.request.body = std::string(outputs_[0]);
  set_type(record, "application/json");
  return std::nullopt;
}

Status RequestBody::make_form(Record& record, RecordView& view) const {
  std::string body;
  for (const auto& pair : form_) {
    std::string value;
    if (auto error = pair.value.expand(view, value)) return error;
    if (!body.empty()) body += '&';
    body += text::percent_encoded(pair.name) + "=" + text::percent_encoded(value);
  }
  record.request.body = std::move(body);
  set_type(record, "application/x-www-form-urlencoded");
  return std::nullopt;
}

Status RequestBody::make_parts(Record& record, RecordView& view) const {
  std::vector<http::FormPart> parts;
  for (const auto& pair : parts_) {
    auto& part = parts.emplace_back();
    part.name = pair.name;
    if (auto error = pair.value.expand(view, part.content)) return error;
    if (!pair.is_file) continue;
    auto content = content_of(part.content, limit_);
    if (!content) return std::move(content.error());
    part.filename = part.content.substr(part.content.rfind('/') + 1);
    part.type = pair.type.empty() ? "application/octet-stream" : pair.type;
    part.content = std::move(*content);
  }
  auto form = http::form_data(parts);
  record.request.body = std::move(form.body);
  set_type(record, form.content_type);
  return std::nullopt;
}

}  // namespace leat::pipelines
