#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat::cli {

/// One line, or a few, at the bottom of a terminal that are written again and again.
///
/// One line needs only carriage return of the terminal; several need ECMA-48's cursor up and erase, and are
/// cut to one line if TERM says that the terminal has none. The cursor rests in the first column of the first
/// line, so what another writer prints takes their place. Nothing is drawn while the terminal would block, or
/// belongs to another job.
class TerminalLine {
 public:
  explicit TerminalLine(int fd) noexcept : fd_(fd) {}
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;
  ~TerminalLine() { clear(); }

  /// A text with its colours, cut to the terminal's width.
  void draw(std::string_view text);
  /// Several lines, as far as the terminal has room above its last line.
  void draw_lines(const std::vector<std::string>& lines);
  void clear();
  [[nodiscard]] std::size_t width() const;
  /// How many lines may be drawn: one less than the terminal has, or 1 if it can show no more.
  [[nodiscard]] std::size_t height() const;

 private:
  int fd_;
  std::size_t shown_ = 0;
  bool several_ = false;  // lines that are shown now
};

/// The text as it is to be written there: a terminal whose locale is not UTF-8 gets ASCII, see
/// text::in_ascii.
[[nodiscard]] std::string as_shown_at(int fd, std::string_view text);

/// Writes all of it, as it is to be shown there, to a descriptor and ignores failures: there is nobody left
/// to tell.
void write_all(int fd, std::string_view text);

}  // namespace leat::cli
