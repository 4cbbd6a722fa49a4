#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace leat::tests {

/// What a client that asks for a path is sent: `bytes` as they are, `rest` once `released` says so, then
/// `forever` again and again, with a pause before each, until the client has gone. The connection is closed
/// after the last byte.
struct Script {
  Script() = default;
  Script(std::string text) : bytes(std::move(text)) {}
  Script(const char* text) : bytes(text) {}
  Script(std::string text, std::string again, std::chrono::milliseconds wait = {})
      : bytes(std::move(text)), forever(std::move(again)), pause(wait) {}

  std::string bytes;
  std::string rest;
  std::function<bool()> released;  // empty: at once
  std::string forever;
  std::chrono::milliseconds pause{0};
};

/// A server on a free loopback port whose answers are wrong in exactly the way that a test says, for as long
/// as this lives. It answers 404 for all other paths, and one request on each connection.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::map<std::string, Script> scripts);
  /// A server that decides by the whole head of each request; several threads ask it at once.
  explicit ScriptedServer(std::function<Script(const std::string& head)> decide);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  /// "http://127.0.0.1:PORT" and `path`.
  [[nodiscard]] std::string url(const std::string& path) const;
  /// How often that path was asked for.
  [[nodiscard]] int requests_of(const std::string& path) const;
  /// Everything that clients have sent so far.
  [[nodiscard]] std::string received() const;

 private:
  void accept_all();
  void answer(int connection);
  void play(int connection, const Script& script) const;

  std::function<Script(const std::string& head)> decide_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::list<std::thread> connections_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, int> requests_;
  std::string received_;
  std::thread acceptor_;  // the last member, since it uses the others
};

}  // namespace leat::tests
