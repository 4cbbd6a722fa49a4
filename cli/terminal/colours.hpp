#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/terminal/system.hpp"

namespace leat::cli {

/// Gives words on a terminal the colour of their meaning: green for what went well, and red for what failed
/// (ECMA-48, SGR). If no colours are wanted, which is the default, words stay as they are.
class Colours {
 public:
  explicit Colours(bool on = false) noexcept : on_(on) {}
  [[nodiscard]] std::string good(std::string_view text) const { return painted("\x1b[32m", text); }
  [[nodiscard]] std::string bad(std::string_view text) const { return painted("\x1b[31m", text); }

 private:
  [[nodiscard]] std::string painted(std::string_view colour, std::string_view text) const;

  bool on_;
};

/// True if what is written there may have colours; see io::uses_colours.
[[nodiscard]] bool may_colour(System& system, int fd);

/// As much of a line, with its colours, as fits into that many columns, and how many it takes. It is cut
/// between characters, and its colour is ended. See text::columns_of_character for what a character takes.
struct Fitted {
  std::string text;
  std::size_t columns = 0;
};
[[nodiscard]] Fitted fit(std::string_view line, std::size_t columns);

}  // namespace leat::cli
