#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "cli/terminal/system.hpp"

namespace leat::cli {

/// A machine that a test invents.
class FakeSystem final : public System {
 public:
  bool is_same_file(const std::string& a, const std::string& b) override { return a == b; }
  bool is_terminal(int fd) override { return terminals.contains(fd); }
  bool is_directory(const std::string& path) override { return directories.contains(path); }
  Status check_readable(const std::string& path) override {
    if (directories.contains(path)) return Error(Errc::file_error, "Is a directory");
    if (!files.contains(path)) return Error(Errc::file_error, "No such file or directory");
    return std::nullopt;
  }
  Result<std::string> read_file(const std::string& path) override {
    if (auto error = check_readable(path)) return std::move(*error);
    return files[path];
  }
  std::optional<std::string> ask_secret(const std::string& prompt) override {
    asked = prompt;
    ++times_asked;
    return password;
  }
  std::string environment(const char* name) override { return variables[name]; }

  std::set<int> terminals;
  std::set<std::string> directories;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables{{"TERM", "xterm"}};
  std::optional<std::string> password;
  std::string asked;
  int times_asked = 0;
};

}  // namespace leat::cli
