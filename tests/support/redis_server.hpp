#pragma once

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// A redis-server of the test's own on a Unix socket in a folder of its own, for as long as this lives. It
/// keeps what it is told on disk (appendonly, each write), so that a restart finds it again. All calls block.
class RedisServer {
 public:
  /// `settings` are added to its command line: {"--requirepass", "secret"}.
  explicit RedisServer(std::vector<std::string> settings = {});
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::string socket() const { return dir_ / "redis.sock"; }
  /// The folder of what it keeps on disk.
  [[nodiscard]] std::string appended() const { return dir_ / "appendonlydir"; }
  /// "unix:SOCKET".
  [[nodiscard]] std::string url() const { return "unix:" + socket(); }
  /// What redis-cli prints for one command, without the last line end. An error begins with its word in
  /// capital letters.
  std::string ask(std::vector<std::string> command) const;

  /// Starts it if it does not run, and waits until it takes commands.
  void start();
  /// Ends it by SIGKILL; its data stay.
  void kill();
  /// Stops and continues its process: a server that is there but answers nothing.
  void pause() const { process_->signal(SIGSTOP); }
  void go_on() const { process_->signal(SIGCONT); }

 private:
  TempDir dir_;
  std::vector<std::string> settings_;
  std::optional<Process> process_;
};

}  // namespace leat::tests
