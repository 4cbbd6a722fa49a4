#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "tests/support/outage/options.hpp"
#include "tests/support/outage/server.hpp"
#include "tests/support/service.hpp"

namespace leat::outage {
namespace {

constexpr int kUsageError = 2;

int run(const Options& options) {
  if (options.own_network) enter_own_network();
  Server server(options);
  if (!options.port_file.empty()) service::write_port_file(options.port_file, server.port());
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
  if (options->parent_pid_exit) service::exit_with_parent(parent);
  std::signal(SIGPIPE, SIG_IGN);
  service::raise_descriptor_limit();
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
