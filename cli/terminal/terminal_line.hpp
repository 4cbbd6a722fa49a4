#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat::cli {

/// One line, or a few, at the bottom of a terminal that are written over and over.
///
/// One line needs nothing of the terminal but carriage return; several need ECMA-48's cursor up and erase,
/// and are cut to one where TERM says that there are none. The cursor rests in the first column of the first
/// line, so that whatever another writer prints takes their place. Nothing is drawn while the terminal would
/// block, or belongs to another job.
class TerminalLine {
 public:
  explicit TerminalLine(int fd) noexcept : fd_(fd) {}
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;
  ~TerminalLine() { clear(); }

  /// Text, colours included, cut to the terminal's width.
  void draw(std::string_view text);
  /// Several, as far as the terminal has room above its last line.
  void draw_lines(const std::vector<std::string>& lines);
  void clear();
  [[nodiscard]] std::size_t width() const;
  /// Lines that may be drawn: one less than the terminal has, 1 where it can show no more.
  [[nodiscard]] std::size_t height() const;

 private:
  int fd_;
  std::size_t shown_ = 0;
  bool several_ = false;  // are shown
};

/// Writes all of it to a descriptor, whatever becomes of it: there is nobody left to tell.
void write_all(int fd, std::string_view text);

}  // namespace leat::cli
