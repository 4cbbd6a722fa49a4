#include "pipelines/options/option.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace leat::pipelines {

std::span<const OptionTopic> shared_options() noexcept {
  static const std::array topics{
      OptionTopic{"The request", request_options()},         OptionTopic{"Who asks", credential_options()},
      OptionTopic{"The way there", way_options()},           OptionTopic{"TLS", tls_options()},
      OptionTopic{"How many, how long", schedule_options()}, OptionTopic{"Where bodies go", file_options()},
      OptionTopic{"What is printed", output_options()},
  };
  return topics;
}

namespace {

template <Secret kind>
std::string shown_as(const std::string& value) {
  return shown(kind, value);
}

auto shown_by(Secret kind) noexcept -> std::string (*)(const std::string&) {
  switch (kind) {
    case Secret::all:
      return shown_as<Secret::all>;
    case Secret::header:
      return shown_as<Secret::header>;
    case Secret::url:
      return shown_as<Secret::url>;
    case Secret::pass:
      return shown_as<Secret::pass>;
    case Secret::cookies:
      return shown_as<Secret::cookies>;
    case Secret::no:
      break;
  }
  return nullptr;
}

}  // namespace

ArgRow arg_row(const Option& option) noexcept {
  ArgRow row;
  row.shown = shown_by(option.secret);
  row.key = option.key();
  row.name = option.type == ArgType::flag ? "BOOL" : option.value;
  row.type = option.type;
  row.help = option.help;
  row.repeatable = option.repeatable;
  row.choices = option.choices;
  row.least = option.least;
  row.most = option.most;
  row.check = option.check;
  row.program_check = option.program_check;
  row.standard = option.type == ArgType::flag ? "false" : option.standard;
  return row;
}

std::span<const ArgRow> fetch_arg_rows() {
  static const auto rows = [] {
    std::vector<ArgRow> made;
    for (const auto& topic : shared_options()) {
      for (const auto& option : topic.rows) {
        if ((option.at & kFetch) != 0) made.push_back(arg_row(option));
      }
    }
    return made;
  }();
  return rows;
}

}  // namespace leat::pipelines
