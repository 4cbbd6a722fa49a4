#pragma once

#include <optional>
#include <string>

#include "engine/error.hpp"

namespace leat::cli {

/// What checking a command line asks of the machine. Tests put their own in its place.
class System {
 public:
  virtual ~System() = default;
  [[nodiscard]] virtual bool is_terminal(int fd) = 0;
  [[nodiscard]] virtual bool is_directory(const std::string& path) = 0;
  /// Both are there and are one; "-" is standard input.
  [[nodiscard]] virtual bool is_same_file(const std::string& a, const std::string& b) = 0;
  /// An Error in the system's words where the file can't be opened for reading, or is a directory.
  [[nodiscard]] virtual Status check_readable(const std::string& path) = 0;
  /// All of a file, or of standard input ("-").
  [[nodiscard]] virtual Result<std::string> read_file(const std::string& path) = 0;
  /// A line typed without echo; nothing where there is no terminal.
  [[nodiscard]] virtual std::optional<std::string> ask_secret(const std::string& prompt) = 0;
  /// An environment variable; empty where there is none.
  [[nodiscard]] virtual std::string environment(const char* name) = 0;
};

class RealSystem final : public System {
 public:
  bool is_terminal(int fd) override;
  bool is_directory(const std::string& path) override;
  bool is_same_file(const std::string& a, const std::string& b) override;
  Status check_readable(const std::string& path) override;
  Result<std::string> read_file(const std::string& path) override;
  std::optional<std::string> ask_secret(const std::string& prompt) override;
  std::string environment(const char* name) override;
};

}  // namespace leat::cli
