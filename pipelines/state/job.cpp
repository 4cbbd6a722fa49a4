#include "pipelines/state/job.hpp"

#include <fmt/format.h>

#include "engine/text/hash.hpp"

namespace leat::pipelines {

std::uint64_t home_of(std::string_view origin) noexcept { return text::hash64(origin); }

std::uint64_t place_of(std::string_view origin, std::uint64_t id, std::size_t parts) noexcept {
  return home_of(origin) + id % parts;
}

std::string to_text(const JobSum& sum) {
  std::string text;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (sum.outcomes[i] == 0) continue;
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", sum.outcomes[i], to_string(static_cast<Outcome>(i)));
  }
  return text.empty() ? "no records" : text;
}

}  // namespace leat::pipelines
