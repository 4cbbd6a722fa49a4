#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::cli {

/// A file that is opened before a benchmark and written after it, so that an unwritable file is known before
/// anything is sent. Its old content stays until then.
class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// The Error names the option and the file. With an empty name nothing is opened and nothing is written.
  [[nodiscard]] Status open(std::string_view option, const std::string& file);
  [[nodiscard]] Status write(std::string_view text);

 private:
  [[nodiscard]] Error fault(int error_number) const;

  int fd_ = -1;
  std::string what_;  // "--save: "FILE""
};

}  // namespace leat::cli
