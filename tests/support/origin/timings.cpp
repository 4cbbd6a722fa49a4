#include "tests/support/origin/timings.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace leat::origin {

std::string Timings::take_text() {
  std::string text;
  for (const Entry& entry : std::exchange(entries_, {})) {
    fmt::format_to(std::back_inserter(text), "{} {} {}\n", entry.seq, entry.received, entry.answered);
  }
  stopped_until_ = 0;
  return text;
}

}  // namespace leat::origin
