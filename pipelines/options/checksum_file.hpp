#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A file of checksums as sha256sum and its like print and check it: `HEX  NAME`, `HEX *NAME`, and BSD's
/// `SHA256 (NAME) = HEX`. The kind is told by BSD's word or by how long the HEX is. Blank lines and lines
/// that begin with '#' are passed over. Immutable.
class ChecksumFile {
 public:
  /// file_error, or bad_input with the number of the line that is none of these or contradicts another.
  static Result<std::shared_ptr<const ChecksumFile>> load(const std::string& path);
  static Result<ChecksumFile> parse(std::string_view text);

  /// What is said of a body that came from this path of a URL (still percent-encoded) and goes to this file,
  /// below the output directory (empty: to none). Of the names that are listed, the first of these that fits:
  /// the file's own; the end of the URL's path, from a slash on, the longest first; one that differs from the
  /// file's, or from the URL's if there is no file, only in its directory. checksum_mismatch if that could be
  /// several. Nothing listed is no error.
  [[nodiscard]] Result<std::vector<Checksum>> find(std::string_view url_path, std::string_view file) const;

  /// Has the record's body expected to have those; a line's own go first.
  [[nodiscard]] Status expect(Record& record, std::string_view file) const;

  /// Where it was loaded from; empty if it was parsed.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Entry {
    std::string name;
    std::vector<Checksum> sums;
  };

  Status add(std::string name, Checksum sum);

  std::unordered_map<std::string, std::vector<Entry>> by_last_;  // component of the name
  std::size_t size_ = 0;
  std::string path_;
};

/// A TextCheck of the name of such a file.
[[nodiscard]] std::optional<TextFault> check_checksum_file(const std::string& path);

}  // namespace leat::pipelines
