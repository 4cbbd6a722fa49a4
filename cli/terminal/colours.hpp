#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/terminal/system.hpp"

namespace leat::cli {

/// How words on a terminal say by their colour what they are about: what went well green, what failed red
/// (ECMA-48, SGR); as they are where no colours are wanted, as by default.
class Colours {
 public:
  explicit Colours(bool on = false) noexcept : on_(on) {}
  [[nodiscard]] std::string good(std::string_view text) const { return painted("\x1b[32m", text); }
  [[nodiscard]] std::string bad(std::string_view text) const { return painted("\x1b[31m", text); }

 private:
  [[nodiscard]] std::string painted(std::string_view colour, std::string_view text) const;

  bool on_;
};

/// Whether what is written there may have colours: it is a terminal that has them (TERM) and NO_COLOR is not
/// set, or is empty (https://no-color.org).
[[nodiscard]] bool may_colour(System& system, int fd);

/// So much of a line, colours included, as fits into that many columns, and how many it takes. Cut between
/// characters, with the colour ended; a character beyond ASCII counts as two columns, since it may be.
struct Fitted {
  std::string text;
  std::size_t columns = 0;
};
[[nodiscard]] Fitted fit(std::string_view line, std::size_t columns);

}  // namespace leat::cli
