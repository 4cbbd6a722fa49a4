#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/output_writer.hpp"

namespace leat::pipelines {

/// Where the results of one run go: one writer for each file, whoever writes to it, so that lines stay whole.
/// Loop thread only. Outlives whoever uses a writer.
class Outputs {
 public:
  Outputs(async::EventLoop& loop, int standard_output) noexcept
      : loop_(loop), standard_output_(standard_output) {}

  /// From now on files are not emptied: what an earlier run wrote stays, but for a line that it didn't end.
  void go_on() noexcept { goes_on_ = true; }

  /// The writer of that file, which is made or emptied the first time; "-" is standard output. file_error.
  Result<io::OutputWriter*> open(const std::string& path);

  /// Whether there are lines of an earlier run in it, so that it needs no heading.
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

/// Why an output failed, errno being `number`: disk_full or file_error.
[[nodiscard]] Error output_error(const std::string& path, int number);

}  // namespace leat::pipelines
