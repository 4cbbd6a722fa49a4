#pragma once

#include <string>
#include <vector>

#include "engine/io/standing.hpp"

namespace leat::pipelines {

/// The files that a run reads and writes for itself: its list, journal, --failed, jar. No body may
/// take their place, whatever name or link leads there. Loop thread only.
class OwnFiles {
 public:
  /// `what` says it for people: "the list", "the journal".
  void add(std::string what, std::string path);
  /// A file that is open, which may have no path: standard output.
  void add(std::string what, io::FileId id);

  /// Which of them that file is; empty if none.
  [[nodiscard]] std::string what_is(const io::FileId& id) const;
  /// The same of a path at which nothing stands yet: which of them is to be made there.
  [[nodiscard]] std::string what_will_be(const std::string& path) const;

 private:
  struct Path {
    std::string what;
    std::string path;
  };
  struct File {
    std::string what;
    io::FileId id;
  };
  std::vector<Path> awaited_;  // that are not there yet
  std::vector<File> there_;
};

}  // namespace leat::pipelines
