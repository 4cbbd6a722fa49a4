#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "pipelines/result/name_set.hpp"

namespace leat::pipelines {

/// The names that the files of one run have, and whose they are. A name belongs to the first source that asks
/// for it, until it is given back; a source is whatever text tells one body from another. It keeps hashes
/// alone, see NameSet: some 40 bytes for each file. Loop thread only.
class SaveNames {
 public:
  [[nodiscard]] bool is_taken(std::string_view path) const noexcept { return names_.contains(path); }
  [[nodiscard]] bool belongs_to(std::string_view path, std::string_view source) const {
    return names_.contains(of_source(path, source));
  }
  void take(std::string_view path, std::string_view source);
  void give_back(std::string_view path, std::string_view source);

  /// Whether a file of this run stands below the path.
  [[nodiscard]] bool is_folder(std::string_view path) const noexcept { return folders_.contains(path); }
  /// Where the first '/' stands in the path that has the name of a file of this run before it.
  [[nodiscard]] std::optional<std::size_t> end_of_file_above(std::string_view path) const noexcept;

  /// Whether this page, a URL without its query, has been here before; from now on it has.
  bool has_seen(std::string_view page) { return !pages_.insert(page); }

 private:
  static std::string of_source(std::string_view path, std::string_view source);

  NameSet names_;    // paths, and paths together with their sources
  NameSet folders_;  // that have files
  NameSet pages_;
  std::string last_folder_;  // most files stand where the one before stands
};

}  // namespace leat::pipelines
