#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "tests/support/outage/options.hpp"
#include "tests/support/outage/server.hpp"

namespace leat::outage {
namespace {

constexpr int kUsageError = 2;

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// The kernel sends the signal when the thread that started this process ends.
void exit_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::exit(EXIT_SUCCESS);  // it ended before the call
}

/// A reader sees no file or a whole one.
void write_port_file(const std::string& path, std::uint16_t port) {
  const std::string temporary = path + ".tmp";
  std::FILE* file = std::fopen(temporary.c_str(), "we");
  const bool written = file != nullptr && std::fprintf(file, "%u\n", unsigned{port}) > 0;
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
    throw std::runtime_error("can't write " + path);
  }
}

int run(const Options& options) {
  if (options.own_network) enter_own_network();
  Server server(options);
  if (!options.port_file.empty()) write_port_file(options.port_file, server.port());
  fmt::print("listening on {}:{}\n", options.hosts.front(), server.port());
  std::fflush(stdout);
  server.run();
  fmt::print("{}", server.report().json());
  return EXIT_SUCCESS;
}

int main(int argc, char** argv) {
  const pid_t parent = getppid();
  std::string error;
  const auto options = parse_options(argc, argv, error);
  if (!options) {
    fmt::print(stderr, "outage: {}; see --help\n", error);
    return kUsageError;
  }
  if (options->help) {
    fmt::print("{}", help_text());
    return EXIT_SUCCESS;
  }
  if (options->parent_pid_exit) exit_with_parent(parent);
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  try {
    return run(*options);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "outage: {}\n", failure.what());
    return EXIT_FAILURE;
  }
}

}  // namespace
}  // namespace leat::outage

int main(int argc, char** argv) { return leat::outage::main(argc, argv); }
