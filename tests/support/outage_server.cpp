#include "tests/support/outage_server.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace leat::tests {

namespace {

std::vector<std::string> command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {LEAT_OUTAGE, "--parent-pid-exit"});
  return arguments;
}

// The text after "name": in the JSON text, up to the next comma or brace.
std::string value_of(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":";
  const auto at = json.find(key);
  if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + json);
  const auto begin = at + key.size();
  return json.substr(begin, json.find_first_of(",}", begin) - begin);
}

std::uint64_t count_of(const std::string& json, const std::string& name) {
  return std::strtoull(value_of(json, name).c_str(), nullptr, 10);
}

}  // namespace

OutageServer::OutageServer(std::vector<std::string> arguments) : process_(command(std::move(arguments))) {
  const auto line = process_.read_line();  // "listening on ADDRESS:PORT"
  if (!line) throw std::runtime_error("the server did not start: " + process_.wait().err);
  port_ = std::atoi(line->substr(line->rfind(':') + 1).c_str());
}

std::string OutageServer::url(const std::string& path, const std::string& host) const {
  return "http://" + host + ":" + std::to_string(port_) + path;
}

std::string OutageServer::list(int count, const std::string& path, const std::string& host) const {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += url(path + std::to_string(i), host) + "\n";
  return lines;
}

OutageReport OutageServer::end() {
  process_.signal(SIGTERM);
  const auto ended = process_.wait();
  if (ended.status != 0) throw std::runtime_error("the server ended with: " + ended.err);
  const std::string& json = ended.out;
  OutageReport report;
  report.text = json;
  report.connections = count_of(json, "connections");
  report.requests = count_of(json, "requests");
  report.answers = count_of(json, "answers");
  report.fault_began = value_of(json, "fault_began") != "null";
  report.fault_ended = value_of(json, "fault_ended") != "null";
  report.fault_requests = count_of(json, "fault_requests");
  if (value_of(json, "fault_tries") != "null") report.fault_tries = count_of(json, "fault_tries");
  report.last_answer = std::strtod(value_of(json, "last_answer").c_str(), nullptr);
  return report;
}

}  // namespace leat::tests
