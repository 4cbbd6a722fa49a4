#pragma once

#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/io/terminal.hpp"

namespace leat::cli {

/// What the checks of a command line ask the machine. Tests replace it by their own.
class System {
 public:
  virtual ~System() = default;
  [[nodiscard]] virtual bool is_terminal(int fd) = 0;
  [[nodiscard]] virtual bool is_directory(const std::string& path) = 0;
  /// True if both exist and are the same; "-" is standard input.
  [[nodiscard]] virtual bool is_same_file(const std::string& a, const std::string& b) = 0;
  /// An Error with the system's words if the file can't be opened for reading, or is a directory.
  [[nodiscard]] virtual Status check_readable(const std::string& path) = 0;
  /// The whole content of a file, or of standard input ("-").
  [[nodiscard]] virtual Result<std::string> read_file(const std::string& path) = 0;
  /// A line that is typed without echo; nothing if there is no terminal.
  [[nodiscard]] virtual std::optional<std::string> ask_secret(const std::string& prompt) = 0;
  /// The value of an environment variable; empty if it is not set.
  [[nodiscard]] virtual std::string environment(const char* name) = 0;
  /// The same as a function, which this outlives.
  [[nodiscard]] io::Environment as_environment() {
    return [this](const char* name) { return environment(name); };
  }
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
