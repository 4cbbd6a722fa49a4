#include "pipelines/state/job.hpp"

#include <fmt/format.h>

namespace leat::pipelines {

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
