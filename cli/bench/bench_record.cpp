#include "cli/bench/bench_record.hpp"

#include <fmt/format.h>

#include "cli/options/option_table.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

/// An argument that begins with an option.
struct Named {
  const pipelines::Option* option = nullptr;  // null: none that takes a value
  std::size_t value = 0;                      // where the value starts; 0: it is the next argument
};

Named option_of(std::string_view argument) {
  Named found;
  const auto rows = options_at(pipelines::kBench);
  const auto equals = argument.find('=');
  const bool is_long = argument.starts_with("--");
  for (const auto* row : rows) {
    const bool is_it = is_long ? argument.substr(2, equals - 2) == row->name
                               : !row->letter.empty() && argument.substr(1, 1) == row->letter;
    if (is_it && !row->is_switch()) found.option = row;
  }
  if (is_long && equals != std::string_view::npos) found.value = equals + 1;
  if (!is_long && argument.size() > 2) found.value = 2;
  return found;
}

}  // namespace

NoiseFloor noise_floor_of(const load::LoadResult& result) {
  return {load::estimate_rate(result), result.latency.response.percentile(50),
          result.latency.response.percentile(99)};
}

std::string name_of(const Measurement& measurement) {
  const auto& targets = measurement.plan.targets;
  if (targets.empty()) return "";
  const std::string more = targets.size() > 1 ? fmt::format(" and {} more", targets.size() - 1) : "";
  return text::escaped(http::without_userinfo(targets[0].url)) + more;
}

std::vector<std::string> without_secrets(const std::vector<std::string>& argv) {
  std::vector<std::string> clean;
  const pipelines::Option* pending = nullptr;  // whose value comes next
  for (const auto& argument : argv) {
    if (pending != nullptr) {
      clean.push_back(shown(pending->secret, argument));
      pending = nullptr;
      continue;
    }
    const bool is_option = argument.size() > 1 && argument[0] == '-';
    const Named named = is_option ? option_of(argument) : Named();
    if (named.option != nullptr && named.value > 0) {
      clean.push_back(argument.substr(0, named.value) +
                      shown(named.option->secret, argument.substr(named.value)));
      continue;
    }
    pending = named.option;
    clean.push_back(is_option ? argument : http::without_userinfo(argument));
  }
  return clean;
}

}  // namespace leat::cli
