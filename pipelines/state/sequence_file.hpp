#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"

namespace leat::pipelines {

/// The order in which records left one place of a recorded pipeline: their ids, a line each.
///
/// One write a record, so that a run that is killed leaves whole lines. Calls block for as long as the file
/// system does.
class SequenceFile {
 public:
  /// Begins an empty one.
  static Result<SequenceFile> create(const std::string& path);
  /// What one holds; a file that is not there holds nothing.
  static Result<std::vector<std::uint64_t>> read(const std::string& path);

  Status add(std::uint64_t id) const;

 private:
  SequenceFile(std::string path, io::Fd fd) noexcept : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  io::Fd fd_;
};

}  // namespace leat::pipelines
