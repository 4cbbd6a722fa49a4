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
#include "pipelines/options/checksum_line.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A file of checksums in any of the forms that `read_checksum_line` reads, signed in the clear or not. A
/// file may have sums of several kinds, also of kinds that are not known here, which are passed over. A
/// digest alone is the sum of the file that the list is named after (x.iso.sha256), else of every file that
/// the list does not name. Immutable but for what `has_matched` says: one thread after the other.
class ChecksumFile {
 public:
  /// A file that is read as lists are (UTF-16, packed by gzip, zstd, xz or bzip2), or "-" for standard input.
  /// file_error, or bad_input with the number of the line that is none of these or contradicts another, or if
  /// nothing in it is of a known kind.
  static Result<std::shared_ptr<const ChecksumFile>> load(const std::string& path);
  static Result<ChecksumFile> parse(std::string_view text);
  /// A list that could not be loaded, for whoever has no way to say so; it names no sum.
  static std::shared_ptr<const ChecksumFile> unread(std::string path, Error why);
  [[nodiscard]] const Status& fault() const noexcept { return fault_; }

  /// What is said of a body that came from this path of a URL (still percent-encoded) and goes to this file,
  /// below the output directory (empty: to none). Of the names that are listed, the first of these that fits:
  /// the file's own; the end of the URL's path, from a slash on, the longest first; one that differs from the
  /// file's, or from the URL's if there is no file, only in its directory. checksum_mismatch if that could be
  /// several, or if all that is listed of it is of unknown kinds. Nothing listed is no error.
  [[nodiscard]] Result<std::vector<Checksum>> find(std::string_view url_path, std::string_view file) const;

  /// Has the record's body expected to have those; a line's own go first.
  [[nodiscard]] Status expect(Record& record, std::string_view file) const;

  /// Whether a sum was found for any record yet.
  [[nodiscard]] bool has_matched() const noexcept { return matched_; }
  /// Where it was loaded from; empty if it was parsed.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Entry {
    std::string name;
    std::vector<Checksum> sums;
  };

  Status add(ListedSum listed);
  Status add_nameless(ListedSum listed);
  static Result<std::vector<Checksum>> sums_of(const Entry& entry);

  std::unordered_map<std::string, std::vector<Entry>> by_last_;  // component of the name
  std::optional<Checksum> nameless_;
  std::size_t size_ = 0;
  std::string path_;
  Status fault_;
  mutable bool matched_ = false;
};

/// A TextCheck of the name of such a file. Of standard input and pipes, which can be read only once, it says
/// nothing: their fault is that of what `load` gives.
[[nodiscard]] std::optional<TextFault> check_checksum_file(const std::string& path);

}  // namespace leat::pipelines
