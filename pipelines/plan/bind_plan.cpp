#include "pipelines/plan/bind_plan.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/http/message/hidden_userinfo.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/plan/arg_reader.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/spec/hidden_secrets.hpp"

namespace leat::pipelines {

namespace {

PlannedStage bind_stage(const BoundStage& stage) {
  PlannedStage planned(stage.signature->row->bind(stage));
  const ArgReader reader(stage);
  reader.read("on-error", planned.on_error);
  reader.read("timeout", planned.timeout);
  std::uint64_t n = 0;
  reader.read("n", n);
  if (n > 0) planned.n = n;
  return planned;
}

// A secret in the place of a template has its braces doubled.
std::string single_braces(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) ++i;
  }
  return out;
}

// Of "Authorization: Bearer x" it is what stands behind the name.
std::string secret_part(const std::string& text, const BoundArg& arg) {
  const std::string shown = shown_text(arg, text);
  const auto same = std::mismatch(text.begin(), text.end(), shown.begin(), shown.end()).first;
  return std::string(
      text::trimmed(std::string_view(text).substr(static_cast<std::size_t>(same - text.begin()))));
}

// A text that is no template expands nothing.
std::vector<std::string> secrets_in_template(const std::string& text) {
  const auto made = Template::compile(text, look_up_outside);
  const auto* compiled = std::get_if<Template>(&made);
  return compiled != nullptr ? compiled->secrets() : std::vector<std::string>();
}

// A line end ends a URL, but "\n" in a JSON text may be part of a password. The texts within a program are
// JSON already.
bool holds_userinfo(const BoundArg& arg, std::string text) {
  const auto is_line_end = [](char c) { return c == '\n' || c == '\r' || c == '\t'; };
  std::replace_if(text.begin(), text.end(), is_line_end, ' ');
  const std::string written = is_program(arg) ? std::move(text) : json_text(text);
  return http::with_hidden_userinfo(written) != written;
}

}  // namespace

bool is_program(const BoundArg& arg) noexcept {
  return arg.value.program || (arg.row != nullptr && arg.row->type == ArgType::jq);
}

Plan bind_plan(const BoundPipeline& pipeline) {
  Plan plan;
  for (const auto& stage : pipeline.stages) plan.stages.push_back(bind_stage(stage));
  return plan;
}

std::vector<std::string> secrets_of(const BoundPipeline& pipeline) {
  std::vector<std::string> secrets;
  for (const auto& stage : pipeline.stages) {
    for (const auto& arg : stage.args) {
      if (const auto* block = std::get_if<std::shared_ptr<const BoundPipeline>>(&arg.value.value)) {
        for (auto& secret : secrets_of(**block)) secrets.push_back(std::move(secret));
      }
      const auto* text = std::get_if<std::string>(&arg.value.value);
      if (text == nullptr) continue;
      if (arg.value.secret) {
        secrets.push_back(*text);
        secrets.push_back(single_braces(*text));
        if (shown_text(arg, *text) != *text) secrets.push_back(secret_part(*text, arg));
      }
      for (auto& secret : secrets_in_template(*text)) secrets.push_back(std::move(secret));
    }
  }
  std::erase(secrets, std::string());
  return secrets;
}

std::optional<std::string> written_secret(const BoundPipeline& pipeline) {
  for (const auto& stage : pipeline.stages) {
    for (const auto& arg : stage.args) {
      if (const auto* block = std::get_if<std::shared_ptr<const BoundPipeline>>(&arg.value.value)) {
        if (auto found = written_secret(**block)) return found;
      }
      const auto* text = std::get_if<std::string>(&arg.value.value);
      if (text == nullptr || arg.value.secret) continue;
      if (shown_text(arg, *text) != *text || holds_userinfo(arg, *text)) {
        return std::string(stage.name) + (arg.key.empty() ? "" : " " + arg.key + "=");
      }
    }
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
