#include "cli/bench/bench_record.hpp"

#include <fmt/format.h>

#include "engine/http/message/url.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::cli {

namespace {

constexpr std::string_view kHidden = "(secret)";

enum class Kind { plain, user, header };

// Of what stands after the option's name.
Kind kind_of(std::string_view option) {
  if (option == "-u" || option == "--user") return Kind::user;
  if (option == "-H" || option == "--header") return Kind::header;
  return Kind::plain;
}

std::string shown(Kind kind, const std::string& value) {
  if (kind == Kind::user) return std::string(kHidden);
  if (kind == Kind::header) {
    const auto colon = value.find(':');
    if (colon == std::string::npos || !pipelines::Redactor::holds_credentials(value.substr(0, colon)))
      return value;
    return fmt::format("{}: {}", value.substr(0, colon), kHidden);
  }
  return http::without_userinfo(value);
}

// -uVALUE, --user=VALUE: where the value starts; 0 if it is the next argument.
std::size_t value_within(std::string_view argument) {
  if (argument.starts_with("--")) {
    const auto equals = argument.find('=');
    return equals == std::string_view::npos ? 0 : equals + 1;
  }
  return argument.size() > 2 &&
                 (argument.starts_with("-u") || argument.starts_with("-H") || argument.starts_with("-x"))
             ? 2
             : 0;
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
  Kind next = Kind::plain;
  for (const auto& argument : argv) {
    const bool option = next == Kind::plain && argument.size() > 1 && argument[0] == '-';
    const std::size_t value = option ? value_within(argument) : 0;
    if (value > 0) {
      std::string name = argument.substr(0, value);
      const Kind kind = kind_of(name.back() == '=' ? name.substr(0, name.size() - 1) : name);
      clean.push_back(name + shown(kind, argument.substr(value)));
      continue;
    }
    clean.push_back(option ? argument : shown(next, argument));
    next = option ? kind_of(argument) : Kind::plain;
  }
  return clean;
}

}  // namespace leat::cli
