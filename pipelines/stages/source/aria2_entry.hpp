#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// One download of an input file of aria2: a line of URIs with tabs between, and the option lines below it.
///
/// The URIs are one file's: the first that can be fetched is the URL, the others are mirrors; one of another
/// scheme is passed over where there is one that can be fetched. Options become what a record has: `out` and
/// `dir` its output, `checksum` its digest, `header`, `referer` and `user-agent` its headers. How aria2 goes
/// about a download is no matter here: such options are kept in meta, as text. Those that say who asks, or by
/// which way, can't be passed over: the record fails. What is wrong makes a record that has failed
/// (bad_input, bad_url, unsupported_scheme).
class Aria2Entry {
 public:
  /// `number` is that of its line.
  Aria2Entry(std::string_view uris, std::uint64_t number);

  /// A line below it, with its indentation.
  void add_option(std::string_view line, std::uint64_t number);
  /// Makes it a failed record, if nothing has before.
  void refuse(std::uint64_t number, const std::string& why);
  /// The same, since that line is too long to be held.
  void drop(std::uint64_t number);

  /// It stands as it stood, without the last line's end; empty for what was too long to be held.
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] RecordPtr make_record() const;

 private:
  struct Option {
    std::string name;
    std::string value;
    std::uint64_t line;
  };

  void keep(std::string_view line, std::uint64_t number);
  Status read_uris(Record& record) const;
  Status read_options(Record& record) const;

  std::uint64_t number_;
  std::string uris_;
  std::vector<Option> options_;
  std::string source_;
  std::string fault_;
  bool too_long_ = false;
};

}  // namespace leat::pipelines
