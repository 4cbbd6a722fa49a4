#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/options/blank_secrets.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  leat::cli::blank_secrets({argv, static_cast<std::size_t>(argc)});
  const std::vector<std::string_view> arguments(words.begin(), words.end());
  return static_cast<int>(leat::cli::run_command(arguments));
}
