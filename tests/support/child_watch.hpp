#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace leat::tests {

/// Says whether this process has children, running or unreaped, that it did not have when this was made.
class ChildWatch {
 public:
  [[nodiscard]] bool none_new() const {
    for (const auto& pid : children()) {
      if (!before_.contains(pid)) return false;
    }
    return true;
  }

 private:
  static std::set<std::string> children() {
    std::set<std::string> found;
    const std::string self = std::to_string(::getpid());
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string pid = entry.path().filename();
      if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream stat(entry.path() / "stat");
      std::string text;
      std::getline(stat, text);                // the process has ended meanwhile
      const auto name_end = text.rfind(") ");  // then come the state, a blank and the parent
      if (name_end == std::string::npos) continue;
      const auto parent = text.substr(name_end + 4, text.find(' ', name_end + 4) - name_end - 4);
      if (parent == self) found.insert(pid);
    }
    return found;
  }

  std::set<std::string> before_ = children();
};

}  // namespace leat::tests
