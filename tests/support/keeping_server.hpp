#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace leat::tests {

/// A request that a KeepingServer has read.
struct Asked {
  std::string method;
  std::string path;
  int number = 0;         // among all requests, from 1
  int on_connection = 0;  // among those of its connection, from 1
};

/// What the server does then: it sends `bytes`, waits, sends `unasked`, and ends the connection or keeps it.
/// `is_last` says that it takes no connection any more, from before it sends anything.
struct Reply {
  enum class End { keep, close, reset };

  Reply() = default;
  Reply(std::string answer, End then = End::keep, std::chrono::milliseconds wait = {})
      : bytes(std::move(answer)), pause(wait), end(then) {}

  std::string bytes;
  std::string unasked;
  std::chrono::milliseconds pause{0};
  End end = End::keep;
  bool is_last = false;
};

/// A server on a free loopback port that keeps connections open and ends them as a test says, for as long as
/// this lives.
class KeepingServer {
 public:
  using Script = std::function<Reply(const Asked&)>;

  /// `script` is called by one thread at a time. Without `reads_bodies`, only the head of a request is read.
  explicit KeepingServer(Script script, bool reads_bodies = true);
  KeepingServer(const KeepingServer&) = delete;
  KeepingServer& operator=(const KeepingServer&) = delete;
  ~KeepingServer();

  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] int requests() const;
  [[nodiscard]] int requests_of(const std::string& path) const;
  [[nodiscard]] int connections() const;
  /// Waits until that many requests have got all of their reply, including what is sent unasked.
  void wait_for_replies(int count) const;

 private:
  void accept_all();
  void serve(int connection);
  bool read_request(int connection, std::string& unread, Asked& asked);
  Reply reply_to(Asked& asked);

  Script script_;
  bool reads_bodies_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> refusing_ = false;
  std::list<std::thread> threads_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, int> by_path_;
  int requests_ = 0;
  int connections_ = 0;
  int replies_ = 0;
  mutable std::condition_variable replied_;
  std::thread acceptor_;  // the last member, since it uses the others
};

/// A 200 with that body and its length.
[[nodiscard]] std::string ok_answer(const std::string& body = "ok\n");

}  // namespace leat::tests
