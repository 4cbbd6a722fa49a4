#pragma once

#include <memory>

#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/state/exchange_player.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

/// Where the exchanges of one run are kept or come from, as its plan says: one of the two, or neither.
struct Exchanges {
  std::unique_ptr<Recording> recording;
  std::unique_ptr<ExchangePlayer> player;

  /// file_error, bad_input for a directory that holds no recording.
  Status open(const Plan& plan);
};

}  // namespace leat::pipelines
