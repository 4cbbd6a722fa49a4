#pragma once

#include <cstddef>
#include <string>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// How a line for a person is to look.
struct LineStyle {
  std::size_t columns = 0;  // of the window, which it must not reach the end of; 0: as long as it is
  bool coloured = false;
  bool utf8 = true;  // else an arrow is "->", and what is beyond ASCII is "?"
};

/// A result as a line for a person, without its end: status, size, time and URL, then the file, or the reason
/// for which it failed or was skipped. Nothing that a server sent is left in it that could steer a terminal.
/// In a narrow window the size and the time are left out, and the URL is cut so that the reason stays.
[[nodiscard]] std::string person_line(const Record& record, const LineStyle& style);

}  // namespace leat::pipelines
