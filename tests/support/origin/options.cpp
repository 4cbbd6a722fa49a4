#include "tests/support/origin/options.hpp"

#include <charconv>
#include <string_view>

#include "tests/support/origin/routes.hpp"

namespace leat::origin {
namespace {

constexpr std::string_view kUsage =
    "origin: an HTTP/1.1 server with faults, for tests and benchmarks.\n"
    "\n"
    "  --port P            the port to listen on; 0, the default: any free one\n"
    "  --host ADDR         the address to listen on, 127.0.0.1 by default; may be repeated\n"
    "  --port-file FILE    write the port to FILE once it can be connected to\n"
    "  --parent-pid-exit   exit when the parent process does\n"
    "  --count-paths       count requests by path, for /stats (the default)\n"
    "  --no-count-paths    don't, for benchmarks\n"
    "  --help              this text\n"
    "\n";

bool parse_port(std::string_view text, std::uint16_t& port) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, std::string& error) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--help" || option == "-h") {
      options.help = true;
    } else if (option == "--parent-pid-exit") {
      options.parent_pid_exit = true;
    } else if (option == "--count-paths") {
      options.count_paths = true;
    } else if (option == "--no-count-paths") {
      options.count_paths = false;
    } else if (option == "--port" || option == "--host" || option == "--port-file") {
      if (++i == argc) {
        error = std::string(option) + " needs a value";
        return std::nullopt;
      }
      if (option == "--host") {
        options.hosts.emplace_back(argv[i]);
      } else if (option == "--port-file") {
        options.port_file = argv[i];
      } else if (!parse_port(argv[i], options.port)) {
        error = std::string("not a port: ") + argv[i];
        return std::nullopt;
      }
    } else {
      error = "no option " + std::string(option);
      return std::nullopt;
    }
  }
  if (options.hosts.empty()) options.hosts.emplace_back("127.0.0.1");
  return options;
}

std::string help_text() { return std::string(kUsage) + routes_text(); }

}  // namespace leat::origin
