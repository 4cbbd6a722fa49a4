#pragma once

#include <signal.h>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"

namespace leat::tests {

/// What the runs of one journal have printed together, the killed ones and the last one.
struct Printed {
  std::map<std::string, std::set<double>> ids;  // by URL; some numbers are too large for int
  std::map<std::string, int> times;

  // The last line of a killed process may be only a part of one.
  void add(const std::string& out) {
    const std::string whole = out.substr(0, out.rfind('\n') + 1);
    for (const auto& text : lines_of(whole)) {
      const JsonLine line(text);
      ids[line.text("url")].insert(line.number("id"));
      ++times[line.text("url")];
    }
  }
  [[nodiscard]] int repeats() const {
    int sum = 0;
    for (const auto& [url, count] : times) sum += count - 1;
    return sum;
  }
};

inline std::vector<std::string> binary(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), LEAT_BINARY);
  return arguments;
}

/// Runs it, kills it `kills` times, each at a random moment within `span`, and then lets it end. `see` is
/// told what each of them has printed.
template <class See>
void run_killed(const std::vector<std::string>& arguments, int kills, std::chrono::milliseconds span,
                Finished& last, See see) {
  std::mt19937 random(7);
  for (int i = 0; i < kills; ++i) {
    Process process(binary(arguments));
    std::string out;
    if (const auto first = process.read_line()) out = *first + "\n";  // now it is under way
    const auto wait = std::chrono::milliseconds(
        std::uniform_int_distribution<int>(5, static_cast<int>(span.count()))(random));
    const auto until = std::chrono::steady_clock::now() + wait;
    for (auto now = std::chrono::steady_clock::now(); now < until; now = std::chrono::steady_clock::now()) {
      const auto line = process.read_line(std::chrono::duration_cast<std::chrono::milliseconds>(until - now) +
                                          std::chrono::milliseconds(1));
      if (line) out += *line + "\n";
      if (!line && std::chrono::steady_clock::now() < until) break;  // it has ended
    }
    process.signal(SIGKILL);
    see(out + process.wait().out);
  }
  last = run_leat(arguments);
  see(last.out);
}

inline Printed run_killed(const std::vector<std::string>& arguments, int kills,
                          std::chrono::milliseconds span, Finished& last) {
  Printed printed;
  run_killed(arguments, kills, span, last, [&](const std::string& out) { printed.add(out); });
  return printed;
}

}  // namespace leat::tests
