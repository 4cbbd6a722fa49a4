#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::cli {

/// One line at the bottom of a terminal that is written over and over.
///
/// Needs nothing of the terminal but carriage return. The cursor rests in the first column, so that whatever
/// another writer prints takes the line's place. Nothing is drawn while the terminal would block, or belongs
/// to another job.
class TerminalLine {
 public:
  explicit TerminalLine(int fd) noexcept : fd_(fd) {}
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;
  ~TerminalLine() { clear(); }

  /// ASCII text, cut to the terminal's width.
  void draw(std::string_view text);
  void clear();
  [[nodiscard]] std::size_t width() const;

 private:
  int fd_;
  std::size_t shown_ = 0;
};

/// Writes all of it to a descriptor, whatever becomes of it: there is nobody left to tell.
void write_all(int fd, std::string_view text);

}  // namespace leat::cli
