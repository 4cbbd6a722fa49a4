#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// Whether the figures are the server's, or the client's own.
struct Verdict {
  enum class Kind : std::uint8_t {
    ok,
    suspect,    // the client may be in the figures
    saturated,  // the client was the limit
  };

  Kind kind = Kind::ok;
  std::string reason;  // empty if ok; a sentence without its full stop
  /// Little's law: mean requests in flight over rate × mean service time, 1 if every request's time is told
  /// right. Nothing where the run is too short, or failures leave times out.
  std::optional<double> little;
};

[[nodiscard]] std::string_view to_string(Verdict::Kind kind) noexcept;

/// Judges the client by what it measured of itself: CPU of each thread, lag of its loops and of its schedule,
/// Little's law. The worst finding is the reason.
[[nodiscard]] Verdict judge(const LoadPlan& plan, const LoadResult& result);

}  // namespace leat::load
