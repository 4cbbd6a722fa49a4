#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/output_writer.hpp"

namespace leat::pipelines {

/// Where the results of one run go. There is one writer for each file, however many stages write to it, so
/// that lines stay whole. Loop thread only. Outlives the users of its writers.
class Outputs {
 public:
  Outputs(async::EventLoop& loop, int standard_output) noexcept
      : loop_(loop), standard_output_(standard_output) {}

  /// From now on `open` does not empty a file: what an earlier run wrote stays, except a line that it didn't
  /// end.
  void go_on() noexcept { goes_on_ = true; }

  /// The writer of that file. The first call for a file makes it, with that mode less the umask, or empties
  /// it; "-" is standard output. file_error.
  Result<io::OutputWriter*> open(const std::string& path, mode_t mode = 0666);

  /// The writer of a file that was opened before; null if it was not.
  [[nodiscard]] io::OutputWriter* find(const std::string& path) const;
  /// The writer of a file that somebody else has opened: a device, a FIFO.
  io::OutputWriter* adopt(const std::string& path, io::Fd file);

  /// Whether an earlier run has left lines in that file, so that it needs no heading.
  [[nodiscard]] bool has_lines(const std::string& path) const;

  template <class Fn>
  void for_each(Fn&& fn) const {
    for (const auto& [path, target] : targets_) fn(path, *target.writer);
  }

 private:
  struct Target {
    io::Fd file;
    bool has_lines = false;
    std::unique_ptr<io::OutputWriter> writer;  // goes before its file
  };

  async::EventLoop& loop_;
  int standard_output_;
  bool goes_on_ = false;
  std::map<std::string, Target> targets_;
};

/// Why an output failed; `number` is the errno. disk_full or file_error.
[[nodiscard]] Error output_error(const std::string& path, int number);

}  // namespace leat::pipelines
