#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// Says whether the figures are the server's, or the client's own.
struct Verdict {
  enum class Kind : std::uint8_t {
    none,  // there were too few requests to tell
    ok,
    suspect,    // the client may have influenced the figures
    saturated,  // the client was the limit
  };

  Kind kind = Kind::ok;
  std::string reason;  // empty if ok; a sentence without its full stop
  /// Little's law: mean requests in flight over their rate × mean service time, both in the measured time
  /// alone. It is 1 if every request's time is right, whatever the server's times are. It is nothing if
  /// nothing was in flight.
  std::optional<double> little;
};

[[nodiscard]] std::string_view to_string(Verdict::Kind kind) noexcept;

/// Judges the client by what it measured about itself: the CPU time of each thread, the lag of its loops and
/// of its schedule (the median, 90th and 99th percentile of each beside the same of the service time), and
/// Little's law. The worst finding is the reason.
[[nodiscard]] Verdict judge(const LoadPlan& plan, const LoadResult& result);

}  // namespace leat::load
