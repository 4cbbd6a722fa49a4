#include "tests/support/redis_server.hpp"

#include <stdexcept>
#include <utility>

namespace leat::tests {

RedisServer::RedisServer(std::vector<std::string> settings) : settings_(std::move(settings)) { start(); }

void RedisServer::start() {
  if (process_) return;
  std::vector<std::string> argv{"redis-server", "--port",      "0", "--unixsocket", socket(), "--dir",
                                dir_.path(),    "--save",      "",  "--appendonly", "yes",    "--appendfsync",
                                "always",       "--daemonize", "no"};
  argv.insert(argv.end(), settings_.begin(), settings_.end());
  process_.emplace(std::move(argv));
  std::string said;
  while (const auto line = process_->read_line()) {
    if (line->find("eady to accept connections") != std::string::npos) return;
    said += *line + "\n";
  }
  throw std::runtime_error("redis-server did not start: " + said);
}

void RedisServer::kill() {
  process_->signal(SIGKILL);
  process_->wait();
  process_.reset();
}

std::string RedisServer::ask(std::vector<std::string> command) const {
  std::vector<std::string> argv{"redis-cli", "-s", socket()};
  for (std::size_t i = 0; i + 1 < settings_.size(); ++i) {
    if (settings_[i] == "--requirepass")
      argv.insert(argv.end(), {"--no-auth-warning", "-a", settings_[i + 1]});
  }
  argv.insert(argv.end(), command.begin(), command.end());
  auto out = run_process(std::move(argv)).out;
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace leat::tests
