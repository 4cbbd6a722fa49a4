#include "pipelines/plan/arg_reader.hpp"

#include <memory>

#include "pipelines/plan/bind_plan.hpp"

namespace leat::pipelines {

namespace {

template <class T>
const T* value_of(const BoundStage& stage, std::string_view key) noexcept {
  const BoundArg* arg = stage.find(key);
  return arg == nullptr ? nullptr : std::get_if<T>(&arg->value.value);
}

template <class T, class Target>
void assign_value(const BoundStage& stage, std::string_view key, Target& target) {
  if (const T* value = value_of<T>(stage, key)) target = static_cast<Target>(*value);
}

}  // namespace

void ArgReader::read(std::string_view key, bool& target) const { assign_value<bool>(stage_, key, target); }
void ArgReader::read(std::string_view key, std::string& target) const {
  assign_value<std::string>(stage_, key, target);
}
void ArgReader::read(std::string_view key, std::optional<std::string>& target) const {
  if (const auto* value = value_of<std::string>(stage_, key)) target = *value;
}
void ArgReader::read(std::string_view key, double& target) const {
  assign_value<double>(stage_, key, target);
}
void ArgReader::read(std::string_view key, std::uint64_t& target) const {
  assign_value<std::uint64_t>(stage_, key, target);
}
void ArgReader::read(std::string_view key, int& target) const {
  assign_value<std::uint64_t>(stage_, key, target);
}
void ArgReader::read(std::string_view key, async::Duration& target) const {
  if (const auto* value = value_of<std::uint64_t>(stage_, key)) {
    target = std::chrono::nanoseconds(static_cast<std::int64_t>(*value));
  }
}
void ArgReader::read(std::string_view key, StatusSet& target) const {
  const auto* ranges = value_of<std::vector<StatusRange>>(stage_, key);
  if (ranges == nullptr) return;
  target.ranges.clear();
  for (const auto& range : *ranges) target.ranges.emplace_back(range.first, range.last);
}
void ArgReader::read(std::string_view key, PlanPtr& target) const {
  if (const auto* block = value_of<std::shared_ptr<const BoundPipeline>>(stage_, key)) {
    target = std::make_shared<const Plan>(bind_plan(**block));
  }
}
void ArgReader::read(std::string_view key, std::vector<std::string>& list) const {
  assign_value<std::vector<std::string>>(stage_, key, list);
}

std::vector<std::string> ArgReader::texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const auto& arg : stage_.args) {
    if (arg.row == nullptr || (arg.row->key != key && !(arg.row->key.empty() && arg.row->name == key)))
      continue;
    if (const auto* text = std::get_if<std::string>(&arg.value.value)) texts.push_back(*text);
  }
  return texts;
}

std::variant<ProgramText, TemplateText> program_or_text(const BoundArg& arg) {
  const auto& text = std::get<std::string>(arg.value.value);
  if (arg.value.program) return ProgramText{text};
  return TemplateText{text};
}

}  // namespace leat::pipelines
