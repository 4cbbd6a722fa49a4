#include "cli/session/stage_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/text/json_writer.hpp"

namespace leat::cli {

namespace {

using pipelines::Bound;
using pipelines::StageInfo;
using pipelines::StageState;

std::string_view explanation(Bound bound) {
  constexpr std::array<std::string_view, 7> kTexts{
      "limits: its own work",    "limits: waits for slots", "limits: waits for the rate",
      "limits: waits for hosts", "limits: waits for libjq", "limits: waits for the reader",
      "limits: waits for input",
  };
  return kTexts[static_cast<std::size_t>(bound)];
}

std::string fill(const StageInfo& stage) {
  return stage.capacity == 0 ? "-" : fmt::format("{}/{}", stage.queue, stage.capacity);
}

// The slots in use if the stage has any, and what it waits for if it has none.
std::string busy(const StageInfo& stage) {
  if (stage.load.slots == 0 || stage.state == StageState::ended || stage.state == StageState::blocked) {
    return std::string(to_string(stage.state));
  }
  return fmt::format("{}/{}", stage.load.busy, stage.load.slots);
}

std::string row(const StageInfo& stage, std::size_t name_width) {
  std::string text =
      fmt::format("{} {:<{}} {:>8} {:>8} {:>7} {:>7} {:>9}", stage.limit ? '>' : ' ', stage.name, name_width,
                  stage.in, stage.out, stage.failed, fill(stage), busy(stage));
  return stage.limit ? text + fmt::format("  {}", explanation(*stage.limit)) : text;
}

}  // namespace

std::vector<std::string> stage_rows(std::span<const StageInfo> stages, std::size_t most) {
  std::size_t width = 5;
  for (const auto& stage : stages) width = std::max(width, stage.name.size());
  std::vector<std::string> lines{fmt::format("  {:<{}} {:>8} {:>8} {:>7} {:>7} {:>9}", "STAGE", width, "IN",
                                             "OUT", "FAILED", "QUEUE", "BUSY")};
  most = std::max<std::size_t>(most, 2) - 1;
  const bool cut = stages.size() > most;
  const std::size_t shown = cut ? std::max<std::size_t>(most, 2) - 1 : stages.size();
  const auto limit = std::find_if(stages.begin(), stages.end(), [](const auto& s) { return s.limit; });
  const auto at = limit == stages.end() ? 0 : static_cast<std::size_t>(limit - stages.begin());
  const std::size_t last = std::max(std::min(at + shown / 2 + 1, stages.size()), shown);
  for (std::size_t i = last - shown; i < last; ++i) lines.push_back(row(stages[i], width));
  if (cut && most > 1) lines.push_back(fmt::format("  and {} more", stages.size() - shown));
  return lines;
}

std::string stage_words(std::span<const StageInfo> stages) {
  std::string text;
  for (const auto& stage : stages) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}>{}", stage.name, stage.in, stage.out);
    if (stage.failed > 0) text += fmt::format(" {} failed", stage.failed);
    if (stage.capacity > 0) text += fmt::format(" queue {}", fill(stage));
    text += " " + busy(stage);
    if (stage.limit) text += fmt::format(" ({})", explanation(*stage.limit));
  }
  return text;
}

std::string stages_json(std::span<const StageInfo> stages) {
  text::JsonWriter json;
  json.begin_array();
  for (const auto& stage : stages) {
    json.item();
    json.begin_object();
    json.member("name", stage.name);
    json.member("in", stage.in);
    json.member("out", stage.out);
    json.member("failed", stage.failed);
    json.member("queue", stage.queue);
    json.member("capacity", stage.capacity);
    json.member("busy", stage.load.busy);
    json.member("slots", stage.load.slots);
    json.member("state", to_string(stage.state));
    json.key("limit");
    stage.limit ? json.string(to_string(*stage.limit)) : json.null();
    json.end_object();
  }
  json.end_array();
  return std::string(json.text());
}

}  // namespace leat::cli
