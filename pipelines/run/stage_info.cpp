#include "pipelines/run/stage_info.hpp"

#include <array>

namespace leat::pipelines {

namespace {

// A few records that wait for a host are no reason as long as more of them run.
bool is_behind(const StageInfo& stage) noexcept {
  const auto& load = stage.load;
  return stage.queue >= stage.capacity || (load.backlog > 0 && load.backlog >= load.busy);
}

std::size_t left(const StageInfo& stage) noexcept {
  return stage.queue + stage.load.busy + stage.load.backlog;
}

Bound why(const StageInfo& stage) noexcept {
  const auto& load = stage.load;
  switch (load.role) {
    case StageRole::source:
      return Bound::input;
    case StageRole::rate:
      return Bound::rate;
    case StageRole::libjq:
      return Bound::libjq;
    case StageRole::sink:
      return load.no_room ? Bound::reader : Bound::work;
    case StageRole::work:
      return Bound::work;
    case StageRole::gate:
    case StageRole::pool:
      break;
  }
  if (load.busy >= load.slots) return Bound::slots;
  if (load.rate_holds) return Bound::rate;
  return load.at_hosts > 0 ? Bound::host : Bound::work;
}

}  // namespace

std::optional<Limit> find_limit(std::span<const StageInfo> stages) noexcept {
  std::optional<std::size_t> behind;
  std::optional<std::size_t> source;
  std::optional<std::size_t> most;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto& stage = stages[i];
    if (stage.state == StageState::ended) continue;
    if (stage.load.role == StageRole::source) {
      source = i;
      continue;
    }
    if (is_behind(stage) && !stage.next_full) behind = i;
    if (left(stage) > 0 && (!most || left(stage) >= left(stages[*most]))) most = i;
  }
  const auto found = behind ? behind : source ? source : most;
  if (!found) return std::nullopt;
  return Limit{*found, why(stages[*found])};
}

std::string_view to_string(Bound bound) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"work",  "slots",  "rate", "host",
                                                   "libjq", "reader", "input"};
  return kNames[static_cast<std::size_t>(bound)];
}

std::string_view to_string(StageState state) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"idle", "busy", "blocked", "ended"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace leat::pipelines
